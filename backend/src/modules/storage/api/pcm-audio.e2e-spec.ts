import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { AudioLinks, PcmAudio } from '../index.js';
import { wavOfChannels } from '../testing/former-sound.js';
import { bodyOf, leaveEarly } from '../testing/listener.js';
import { StorageTestbed, type TestApi, people } from '../testing/storage-testbed.js';

const SAMPLES = 100_000;
const noise = (count: number) => Int16Array.from({ length: count }, () => randomInt(-32_768, 32_768));

describe('GET /api/audio/:token of a live session', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  let pcm: PcmAudio;
  const left = noise(SAMPLES);
  const right = noise(SAMPLES);
  const file = wavOfChannels([left, right]);
  let audioId: string;
  let url: string;

  beforeAll(async () => {
    bed = await StorageTestbed.create();
    api = await bed.startApi();
    pcm = api.app.get(PcmAudio);
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.empty();
    audioId = randomUUID();
    url = `${api.url}${api.app.get(AudioLinks).createPcm(audioId, 2, { disposition: 'inline', fileName: 'Live.wav' }).url}`;
    await add(0, 0, left);
    await add(1, 0, right.subarray(0, 30_001));
    await add(1, 30_001, right.subarray(30_001));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const inTransaction = <T>(work: (em: EntityManager) => Promise<T>) => api.app.get(MikroORM).em.fork().transactional(work);
  const add = async (channel: number, startSample: number, samples: Int16Array) => {
    const objectId = await pcm.write(people.ann.id, samples);
    await inTransaction((em) => pcm.attach(em, audioId, { channel, startSample, sampleCount: samples.length, objectId }));
  };
  const get = (headers: Record<string, string> = {}, method = 'GET', address = url) => fetch(address, { headers, method });
  const etag = async () => (await get({}, 'HEAD')).headers.get('etag') ?? '';

  it('gives a whole WAV file', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).equals(file)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav', 'content-length': String(file.length), 'accept-ranges': 'bytes', 'cache-control': 'private, no-store',
      'content-disposition': `inline; filename="Live.wav"; filename*=UTF-8''Live.wav`,
    });
  });

  it.each([[0, 0], [0, 43], [40, 47], [43, 44], [44, 44], [45, 50], [255_999, 256_101], [400_042, 400_043], [1_000, 399_999]])('answers bytes=%i-%i with 206', async (start, end) => {
    const response = await get({ Range: `bytes=${start}-${end}` });
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/400044`]);
    expect((await bodyOf(response)).equals(file.subarray(start, end + 1))).toBe(true);
  });

  it('answers a range behind the end with 416, and HEAD without a body', async () => {
    const behind = await get({ Range: 'bytes=400044-' });
    expect([behind.status, behind.headers.get('content-range'), ((await behind.json()) as { code: string }).code]).toEqual([416, 'bytes */400044', 'range-invalid']);
    const head = await get({ Range: 'bytes=-10' }, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-range')]).toEqual([206, '10', 'bytes 400034-400043/400044']);
    expect((await bodyOf(head)).length).toBe(0);
  });

  it('is another file after the sound has grown or has been silenced, and then no download goes on from the old one', async () => {
    const before = await etag();
    expect((await get({ Range: 'bytes=5-9', 'If-Range': before })).status).toBe(206);
    await add(0, SAMPLES, left.subarray(0, 1_600));
    const grown = await etag();
    expect((await get({ Range: 'bytes=5-9', 'If-Range': before })).status).toBe(200);
    await inTransaction((em) => pcm.silence(em, audioId, people.ann.id, 0, 10));
    expect((await get({ Range: 'bytes=5-9', 'If-Range': grown })).status).toBe(200);
    expect((await get({ Range: 'bytes=5-9', 'If-Range': await etag() })).status).toBe(206);
    const whole = await bodyOf(await get());
    expect([whole.length, whole.subarray(44, 44 + 40).every((byte) => byte === 0)]).toEqual([44 + 4 * (SAMPLES + 1_600), true]);
  });

  describe('an intruder', () => {
    it('who changes any character of the token finds nothing', async () => {
      const token = url.split('/').at(-1) ?? '';
      for (let at = 0; at < token.length; at++) {
        const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
        expect((await get({}, 'GET', url.replace(token, changed))).status).toBe(404);
      }
    });

    it('with a link that has expired, or to one part as if it were a file of theirs, hears nothing', async () => {
      const { rows } = await bed.sql.query('select object_id from audio_part limit 1');
      const asSession = api.app.get(AudioLinks).createPcm(rows[0].object_id as string, 2, { disposition: 'inline', fileName: 'a.wav' });
      expect((await get({}, 'GET', `${api.url}${asSession.url}`)).status).toBe(404);
      const asFile = api.app.get(AudioLinks).create(audioId, { disposition: 'inline', mediaType: 'audio/wav', fileName: 'a.wav' });
      expect((await get({}, 'GET', `${api.url}${asFile.url}`)).status).toBe(404);
      const now = Date.now();
      jest.spyOn(Date, 'now').mockReturnValue(now + bed.config.audioLinkMinutes * 60_000 + 1);
      expect((await get()).status).toBe(410);
    });

    it('finds no part among the uploads', async () => {
      const { rows } = await bed.sql.query('select object_id from audio_part');
      for (const { object_id } of rows as { object_id: string }[]) {
        const headers = { authorization: 'Bearer ben', 'tus-resumable': '1.0.0' };
        expect((await fetch(`${api.url}/api/uploads/${object_id}`, { method: 'HEAD', headers })).status).toBe(404);
        expect((await fetch(`${api.url}/api/uploads/${object_id}`, { method: 'DELETE', headers })).status).toBe(404);
      }
      expect((await bodyOf(await get())).equals(file)).toBe(true);
    });
  });

  it('ends with the session, from the commit on', async () => {
    await inTransaction((em) => pcm.discard(em, audioId));
    expect((await get()).status).toBe(404);
    expect((await bed.sql.query('select 1 from stored_object where wrapped_key is not null')).rows).toEqual([]);
  });

  it('lets players leave whenever they like', async () => {
    await leaveEarly(url, 20);
    expect((await bodyOf(await get())).equals(file)).toBe(true);
  });
});
