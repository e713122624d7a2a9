import { randomBytes, randomUUID } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { AudioLinks, StoredObjects, Uploads } from '../index.js';
import { RECORD_BYTES } from '../sealed-chunks.js';
import { bodyOf, leaveEarly } from '../testing/listener.js';
import { StorageTestbed, type TestApi, people, wavOf } from '../testing/storage-testbed.js';

describe('GET /api/audio/:token', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  const file = wavOf(400_000);
  let id: string;
  let url: string;

  beforeAll(async () => {
    bed = await StorageTestbed.create();
    api = await bed.startApi();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.empty();
    const source = Readable.from([file], { objectMode: false });
    ({ id } = await api.app.get(Uploads).receive({ ownerId: people.ann.id, fileName: 'a.wav', title: null, mediaType: null, source }));
    url = linkOf();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const linkOf = (more: Partial<Parameters<AudioLinks['create']>[1]> = {}, of = id) =>
    `${api.url}${api.app.get(AudioLinks).create(of, { disposition: 'inline', mediaType: 'audio/wav', fileName: 'First session.wav', ...more }).url}`;
  const get = (headers: Record<string, string> = {}, method = 'GET', address = url) => fetch(address, { headers, method });
  const problemOf = async (response: Response) => (await response.json()) as { code: string; status: number };
  const discard = () => {
    const em = api.app.get(MikroORM).em.fork();
    return em.transactional((inner) => api.app.get(StoredObjects).discard(inner, id));
  };

  it('gives the whole file to whoever has the link, and nobody keeps it', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).equals(file)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav', 'content-length': '400000', 'accept-ranges': 'bytes', 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename="First session.wav"; filename*=UTF-8''First%20session.wav`, 'referrer-policy': 'no-referrer',
    });
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['bytes=0-0', 0, 0], ['bytes=0-', 0, 399_999], ['bytes=65535-65536', 65_535, 65_536], ['bytes=399999-', 399_999, 399_999], ['bytes=399000-999999999999', 399_000, 399_999],
    ['bytes=-1', 399_999, 399_999], ['bytes=-1000', 399_000, 399_999], ['bytes=-9999999', 0, 399_999], ['BYTES=10-19', 10, 19],
  ])('answers %s with 206', async (range, start, end) => {
    const response = await get({ Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/400000`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect((await bodyOf(response)).equals(file.subarray(start, end + 1))).toBe(true);
  });

  it.each(['bytes=400000-', 'bytes=400000-400001', 'bytes=-0', 'bytes=99999999999999999999-'])('answers %s with 416', async (range) => {
    const response = await get({ Range: range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */400000');
    expect(await problemOf(response)).toMatchObject({ code: 'range-invalid' });
  });

  it.each(['bytes=5-4', 'bytes=a-b', 'bytes=-', 'items=0-5', 'bytes=0-1,5-6', 'bytes'])('gives the whole for %s, which it need not understand', async (range) => {
    const response = await get({ Range: range });
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).length).toBe(400_000);
  });

  it('continues a download only where If-Range knows the file', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? '';
    expect((await get({ Range: 'bytes=5-9', 'If-Range': etag })).status).toBe(206);
    expect((await get({ Range: 'bytes=5-9', 'If-Range': '"another"' })).status).toBe(200);
    expect((await get({ Range: 'bytes=5-9', 'If-Range': new Date().toUTCString() })).status).toBe(200);
  });

  it('answers HEAD like GET, without the body', async () => {
    const whole = await get({}, 'HEAD');
    expect([whole.status, whole.headers.get('content-length'), (await bodyOf(whole)).length]).toEqual([200, '400000', 0]);
    const part = await get({ Range: 'bytes=100-199' }, 'HEAD');
    expect([part.status, part.headers.get('content-length'), part.headers.get('content-range')]).toEqual([206, '100', 'bytes 100-199/400000']);
    expect((await get({ Range: 'bytes=400000-' }, 'HEAD')).status).toBe(416);
  });

  it.each([
    ['Séance "un".m4a', `attachment; filename="S_ance _un_.m4a"; filename*=UTF-8''S%C3%A9ance%20%22un%22.m4a`],
    ["日本語 (1)'s.wav", `attachment; filename="___ (1)'s.wav"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E%20%281%29%27s.wav`],
    ['a\r\nSet-Cookie: x=1.wav', `attachment; filename="aSet-Cookie: x=1.wav"; filename*=UTF-8''aSet-Cookie%3A%20x%3D1.wav`],
    ['😀.wav', `attachment; filename="_.wav"; filename*=UTF-8''%F0%9F%98%80.wav`],
    ['../../etc/passwd', `attachment; filename="passwd"; filename*=UTF-8''passwd`],
    ['', `attachment; filename="recording"; filename*=UTF-8''recording`],
  ])('saves %j under a name that every client reads', async (fileName, header) => {
    const response = await get({}, 'GET', linkOf({ disposition: 'attachment', fileName }));
    expect(response.headers.get('content-disposition')).toBe(header);
    await response.body?.cancel();
  });

  it.each(['text/html', 'image/svg+xml', 'audio/<script>', 'application/javascript', ''])('never serves the type %j', async (mediaType) => {
    const response = await get({}, 'HEAD', linkOf({ mediaType }));
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  describe('an intruder', () => {
    it('with a link that has expired is told so', async () => {
      const now = Date.now();
      jest.spyOn(Date, 'now').mockReturnValue(now + bed.config.audioLinkMinutes * 60_000 + 1);
      const response = await get();
      expect(response.status).toBe(410);
      expect(await problemOf(response)).toMatchObject({ code: 'link-expired' });
    });

    it('who changes any character of the token finds nothing', async () => {
      const token = url.split('/').at(-1) ?? '';
      for (let at = 0; at < token.length; at++) {
        const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
        const response = await get({}, 'GET', url.replace(token, changed));
        expect(response.status).toBe(404);
        expect(await problemOf(response)).toMatchObject({ code: 'not-found' });
      }
    });

    it('who cuts, lengthens or makes up a token finds nothing', async () => {
      const token = url.split('/').at(-1) ?? '';
      for (const wrong of [token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, randomBytes(200).toString('base64url'), id, 'x', '%00', '..%2f..%2fetc%2fpasswd', 'A'.repeat(9_000)]) {
        expect((await get({}, 'GET', `${api.url}/api/audio/${wrong}`)).status).toBe(404);
      }
    });

    it('with a link made under another secret finds nothing', async () => {
      const other = new AudioLinks({ ...bed.config, tokenSecret: 'x'.repeat(40) });
      const link = other.create(id, { disposition: 'inline', mediaType: 'audio/wav', fileName: 'a.wav' });
      expect((await get({}, 'GET', `${api.url}${link.url}`)).status).toBe(404);
    });

    it('who looks at the link learns nothing from it', () => {
      const bytes = Buffer.from(url.split('/').at(-1) ?? '', 'base64url').toString('latin1');
      expect(bytes).not.toContain(id);
      expect(bytes).not.toContain('session');
    });

    it('cannot write through the link', async () => {
      for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) expect([404, 405]).toContain((await get({}, method)).status);
      expect((await get({}, 'HEAD')).status).toBe(200);
    });
  });

  it('ends with the recording, from the commit on', async () => {
    await discard();
    expect((await get()).status).toBe(404);
    expect(await bed.files()).toEqual([`${id}.enc`]);
    expect((await bed.row(id))?.wrapped_key).toBeNull();
    expect((await bed.row(id))?.metadata).toEqual({});
  });

  it('is not served before the upload is complete', async () => {
    await bed.sql.query(`update stored_object set state = 'uploading' where id = $1`, [id]);
    expect((await get()).status).toBe(404);
  });

  it('is not there for an object that never was', async () => {
    expect((await get({}, 'GET', linkOf({}, randomUUID()))).status).toBe(404);
  });

  it('breaks off where the file is damaged instead of handing out something else', async () => {
    const folder = join(bed.dataDir, 'audio', id.slice(0, 2));
    expect(await readdir(folder)).toEqual([`${id}.enc`]);
    const damaged = await open(join(folder, `${id}.enc`), 'r+');
    await damaged.write('damage', 5 * RECORD_BYTES + 100);
    await damaged.close();
    const received = await get().then(bodyOf).then(() => 'everything', () => 'broken off');
    expect(received).toBe('broken off');
    expect((await get({ Range: 'bytes=0-999' })).status).toBe(206);
  });

  it('lets players leave whenever they like', async () => {
    await leaveEarly(url, 20);
    expect((await bodyOf(await get())).equals(file)).toBe(true);
  });
});
