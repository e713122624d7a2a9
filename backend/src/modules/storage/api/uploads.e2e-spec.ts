import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as tus from 'tus-js-client';
import { ProblemError } from '../../../platform/http/index.js';
import { type CompletedUpload, ObjectStore, StorageFullError } from '../index.js';
import { BreakingLine } from '../testing/breaking-line.js';
import { type Person, StorageTestbed, type TestApi, people, wavOf } from '../testing/storage-testbed.js';
import { UploadRepairs } from '../upload-repairs.js';

const MAX_UPLOAD = 32_000_000;

describe('uploads by tus', () => {
  let bed: StorageTestbed;
  let api: TestApi;
  /** What the completion receiver does next; the tests set it. */
  let receive: (upload: CompletedUpload) => Promise<void>;

  beforeAll(async () => {
    bed = await StorageTestbed.create({ AUSCULT_MAX_UPLOAD_BYTES: String(MAX_UPLOAD) });
    api = await bed.startApi((upload) => receive(upload));
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.empty();
    api.received.length = 0;
    receive = async () => undefined;
  });

  const tusHeaders = (person: Person | null, more: Record<string, string> = {}): Record<string, string> => ({
    'Tus-Resumable': '1.0.0', ...(person ? { Authorization: `Bearer ${person}` } : {}), ...more,
  });
  const send = (method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    fetch(`${api.url}${path}`, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });
  const metadataOf = (said: Record<string, string>) =>
    Object.entries(said).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const create = (length: number | string, more: Record<string, string> = {}, person: Person | null = 'ann') =>
    send('POST', '/api/uploads', tusHeaders(person, { 'Upload-Length': String(length), ...more }));
  const patch = (path: string, offset: number, bytes: Buffer, person: Person | null = 'ann') =>
    send('PATCH', path, tusHeaders(person, { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }), bytes);
  const head = (path: string, person: Person | null = 'ann') => send('HEAD', path, tusHeaders(person));
  const problemOf = async (response: Response) => {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return (await response.json()) as { code: string; status: number; detail?: string };
  };
  const locationOf = (response: Response) => response.headers.get('location') ?? '';
  const idOf = (path: string) => path.split('/').at(-1) ?? '';
  const stored = async (id: string) => buffer(await api.app.get(ObjectStore).read(id));
  const nothingLeft = async () => {
    expect(await bed.rowCount()).toBe(0);
    expect(await bed.files()).toEqual([]);
  };

  it('says what it can do', async () => {
    const response = await send('OPTIONS', '/api/uploads', tusHeaders('ann'));
    expect(response.status).toBe(204);
    expect(response.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration');
    expect(response.headers.get('tus-max-size')).toBe(String(MAX_UPLOAD));
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('takes a file in parts and hands it over once', async () => {
    const file = wavOf(3_000_000);
    const metadata = { filename: 'Session Müller.wav', filetype: 'audio/wav', title: 'First session' };
    const created = await create(file.length, { 'Upload-Metadata': metadataOf(metadata) });
    expect(created.status).toBe(201);
    expect(new Date(created.headers.get('upload-expires') ?? '').getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const path = locationOf(created);
    expect(path).toMatch(/^\/api\/uploads\/[0-9a-f-]{36}$/);
    for (const [from, to] of [[0, 1_000_000], [1_000_000, 1_000_001], [1_000_001, 3_000_000]] as const) {
      const response = await patch(path, from, file.subarray(from, to));
      expect(response.status).toBe(204);
      expect(response.headers.get('upload-offset')).toBe(String(to));
    }
    expect(api.received).toEqual([
      { id: idOf(path), ownerId: people.ann.id, fileName: 'Session Müller.wav', title: 'First session', mediaType: 'audio/wav', sizeBytes: file.length },
    ]);
    expect((await stored(idOf(path))).equals(file)).toBe(true);
    expect(await bed.row(idOf(path))).toMatchObject({ state: 'stored', length_bytes: String(file.length), expires_at: null, lease_holder: null });
    const after = await head(path);
    expect(after.headers.get('upload-offset')).toBe(String(file.length));
    expect(after.headers.get('cache-control')).toContain('no-store');
  });

  it('takes a whole file with the creation', async () => {
    const file = wavOf(100_000);
    const response = await send('POST', '/api/uploads', tusHeaders('ann', { 'Upload-Length': String(file.length), 'Content-Type': 'application/offset+octet-stream' }), file);
    expect(response.status).toBe(201);
    expect(response.headers.get('upload-offset')).toBe(String(file.length));
    expect(api.received).toHaveLength(1);
  });

  describe('with tus-js-client', () => {
    const upload = (file: Buffer, options: Partial<tus.UploadOptions>) =>
      new Promise<tus.Upload>((resolve, reject) => {
        const client: tus.Upload = new tus.Upload(file, {
          endpoint: `${api.url}/api/uploads`, headers: { Authorization: 'Bearer ann' }, retryDelays: [0, 50, 50, 50],
          onSuccess: () => resolve(client), onError: reject, ...options,
        });
        client.start();
      });

    it('uploads in one request and in small ones', async () => {
      const file = wavOf(1_500_000);
      for (const chunkSize of [Number.POSITIVE_INFINITY, 300_000]) {
        const client = await upload(file, { chunkSize, metadata: { filename: 'a.wav' } });
        expect((await stored(idOf(client.url ?? ''))).equals(file)).toBe(true);
      }
      expect(api.received).toHaveLength(2);
    });

    it('resumes by itself after the connection was cut in the middle', async () => {
      const file = wavOf(24_000_000);
      const line = await BreakingLine.to(api.app.getHttpServer(), [6_000_000, 6_000_000]);
      const client = await upload(file, { endpoint: `${line.url}/api/uploads` });
      await line.close();
      expect(line.cuts).toBe(2);
      // Beginning anew each time would have made it read 6 + 6 + 24 million bytes.
      expect(line.taken).toBeLessThan(30_000_000);
      expect((await stored(idOf(client.url ?? ''))).equals(file)).toBe(true);
      expect(api.received).toHaveLength(1);
    });

    it('resumes in another process after everything was killed', async () => {
      const file = wavOf(2_000_000);
      const path = locationOf(await create(file.length));
      await patch(path, 0, file.subarray(0, 700_000));
      const second = await bed.startApi();
      const client = await upload(file, { endpoint: undefined, uploadUrl: `${second.url}${path}` });
      expect(idOf(client.url ?? '')).toBe(idOf(path));
      expect(second.received).toHaveLength(1);
      expect((await stored(idOf(path))).equals(file)).toBe(true);
    });

    it('is told why a file is refused', async () => {
      const error = await upload(Buffer.from('%PDF-1.7 a report'), { retryDelays: [0] }).then(() => null, (failure: unknown) => failure as tus.DetailedError);
      expect(error?.originalResponse?.getStatus()).toBe(422);
      expect(error?.originalResponse?.getBody()).toContain('audio-unreadable');
      await nothingLeft();
    });

    it('gives an upload up', async () => {
      const path = locationOf(await create(1_000));
      await tus.Upload.terminate(`${api.url}${path}`, { headers: { Authorization: 'Bearer ann' } });
      await nothingLeft();
    });
  });

  describe('a connection that is dead but not closed', () => {
    /** Sends the first bytes of a PATCH and then nothing more. */
    const stall = async (path: string, bytes: Buffer, url = api.url) => {
      const request = httpRequest(`${url}${path}`, {
        method: 'PATCH',
        headers: tusHeaders('ann', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream', 'Content-Length': '2000000' }),
      });
      request.on('error', () => undefined);
      const written = new Promise((resolve) => request.write(bytes, resolve));
      await written;
      await heldLease(idOf(path));
      return request;
    };
    const heldLease = async (id: string) => {
      for (;;) {
        const row = await bed.row(id);
        if (row?.lease_holder && (await bed.files()).length > 0) return;
      }
    };

    it.each(['the same process', 'another process'])('does not keep the upload from going on in %s', async (where) => {
      const file = wavOf(2_000_000);
      const path = locationOf(await create(file.length));
      const dead = await stall(path, file.subarray(0, 500_000));
      const url = where === 'the same process' ? api.url : (await bed.startApi()).url;
      const started = performance.now();
      const response = await fetch(`${url}${path}`, { method: 'HEAD', headers: tusHeaders('ann') });
      expect(performance.now() - started).toBeLessThan(3_000);
      const offset = Number(response.headers.get('upload-offset'));
      expect(offset).toBe(500_000);
      const rest = await fetch(`${url}${path}`, {
        method: 'PATCH', body: new Uint8Array(file.subarray(offset)),
        headers: tusHeaders('ann', { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }),
      });
      expect(rest.status).toBe(204);
      expect((await stored(idOf(path))).equals(file)).toBe(true);
      dead.destroy();
    });
  });

  it('lets only one of two simultaneous parts in', async () => {
    const file = wavOf(4_000_000);
    const path = locationOf(await create(file.length));
    const second = await bed.startApi();
    const parts = [api.url, second.url, api.url].map((url) =>
      fetch(`${url}${path}`, {
        method: 'PATCH', body: new Uint8Array(file),
        headers: tusHeaders('ann', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }),
      }).then((response) => response.status, () => 0));
    const statuses = await Promise.all(parts);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    const offset = Number((await head(path)).headers.get('upload-offset'));
    if (offset < file.length) await patch(path, offset, file.subarray(offset));
    expect((await stored(idOf(path))).equals(file)).toBe(true);
    expect(api.received.length + second.received.length).toBe(1);
  });

  describe('refuses', () => {
    it.each([['0', 422, 'upload-empty'], [String(MAX_UPLOAD + 1), 413, 'upload-too-large'], ['9'.repeat(30), 400, 'request-invalid'], ['-1', 400, 'request-invalid'], ['1e3', 400, 'request-invalid'], ['', 400, 'request-invalid']])(
      'the length %j with %i', async (length, status, code) => {
        const response = await create(length);
        expect(response.status).toBe(status);
        expect((await problemOf(response)).code).toBe(code);
        await nothingLeft();
      });

    it('a length that is to be told later', async () => {
      const response = await send('POST', '/api/uploads', tusHeaders('ann', { 'Upload-Defer-Length': '1' }));
      expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
      await nothingLeft();
    });

    it('a version of the protocol that it does not speak', async () => {
      for (const headers of [{ Authorization: 'Bearer ann', 'Upload-Length': '5' }, tusHeaders('ann', { 'Tus-Resumable': '0.2.2', 'Upload-Length': '5' })]) {
        const response = await send('POST', '/api/uploads', headers);
        expect(response.status).toBe(400);
        expect(response.headers.get('tus-resumable')).toBe('1.0.0');
      }
    });

    it.each([['no base64', 'filename ###'], ['two values for a key', 'filename YQ==,filename Yg=='], ['an empty list', ',,'], ['a title that is too long', metadataOf({ title: 'x'.repeat(201) })],
      ['a name that is too long', metadataOf({ filename: 'x'.repeat(1001) })], ['a blank title', metadataOf({ title: '   ' })]])(
      'metadata with %s', async (_what, metadata) => {
        const response = await create(5, { 'Upload-Metadata': metadata });
        expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
        await nothingLeft();
      });

    it('headers larger than any honest client sends', async () => {
      const response = await create(5, { 'Upload-Metadata': metadataOf({ filename: 'x'.repeat(30_000) }) });
      expect(response.status).toBe(431);
      await nothingLeft();
    });

    it('more bytes than were announced', async () => {
      const path = locationOf(await create(1_000));
      const response = await patch(path, 0, randomBytes(1_001));
      expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
      expect((await head(path)).headers.get('upload-offset')).toBe('0');
    });

    it('more bytes than were announced, also when the part does not say how many it brings', async () => {
      const path = locationOf(await create(100_000));
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(30_000)) });
      const response = await fetch(`${api.url}${path}`, {
        method: 'PATCH', body: endless, duplex: 'half',
        headers: tusHeaders('ann', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }),
      } as RequestInit).then((answer) => answer.status, () => 'closed');
      expect([400, 'closed']).toContain(response);
      expect(Number((await head(path)).headers.get('upload-offset'))).toBeLessThanOrEqual(100_000);
      expect(api.received).toEqual([]);
    });

    it('a part at the wrong offset', async () => {
      const path = locationOf(await create(1_000));
      for (const offset of [1, 999, 2_000]) expect(await problemOf(await patch(path, offset, randomBytes(1)))).toMatchObject({ status: 409, code: 'conflict' });
      for (const offset of ['-1', 'x', '0x0']) {
        const response = await send('PATCH', path, tusHeaders('ann', { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' }), randomBytes(1));
        expect(response.status).toBe(400);
      }
    });

    it('a part of another content type', async () => {
      const path = locationOf(await create(10));
      const response = await send('PATCH', path, tusHeaders('ann', { 'Upload-Offset': '0', 'Content-Type': 'audio/wav' }), randomBytes(10));
      expect(response.status).toBe(400);
    });

    it('to end an upload that is complete already', async () => {
      const file = wavOf(5_000);
      const path = locationOf(await create(file.length));
      await patch(path, 0, file);
      expect(await problemOf(await send('DELETE', path, tusHeaders('ann')))).toMatchObject({ status: 409, code: 'recording-state' });
      expect((await stored(idOf(path))).equals(file)).toBe(true);
    });

    it.each([
      ['a document', Buffer.from('%PDF-1.7\n1 0 obj')],
      ['a picture', Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'), randomBytes(4_000)])],
      ['an archive', Buffer.concat([Buffer.from('504b030414000000080000002100', 'hex'), randomBytes(4_000)])],
      ['a text', Buffer.from('The patient says that nothing hurts any more.')],
      ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
      ['a program', Buffer.concat([Buffer.from('7f454c460201010000000000000000000200', 'hex'), randomBytes(4_000)])],
    ])('%s that calls itself audio, and forgets it', async (_what, file) => {
      const path = locationOf(await create(file.length, { 'Upload-Metadata': metadataOf({ filename: 'session.wav', filetype: 'audio/wav' }) }));
      expect(await problemOf(await patch(path, 0, file))).toMatchObject({ status: 422, code: 'audio-unreadable' });
      expect(api.received).toEqual([]);
      await nothingLeft();
      expect((await head(path)).status).toBe(404);
    });

    it('what the receiver refuses, and forgets it', async () => {
      receive = () => Promise.reject(new ProblemError('audio-unreadable'));
      const file = wavOf(5_000);
      const path = locationOf(await create(file.length));
      expect((await patch(path, 0, file)).status).toBe(422);
      await nothingLeft();
    });
  });

  it.each([
    ['../../etc/passwd', 'passwd'], ['..\\..\\windows\\system32\\evil.wav', 'evil.wav'], ['/absolute/session.wav', 'session.wav'], ['a\0b\r\n.wav', 'ab.wav'],
    ['..', null], ['   ', null], ['\u202egpj.wav', 'gpj.wav'], [`${'n'.repeat(900)}.wav`, `${'n'.repeat(196)}.wav`],
  ])('keeps of the file name %j only %j', async (filename, kept) => {
    const file = wavOf(100);
    const path = locationOf(await create(file.length, { 'Upload-Metadata': metadataOf({ filename, filetype: 'text/html; charset=x' }) }));
    await patch(path, 0, file);
    expect(api.received[0]?.fileName ?? null).toBe(kept);
    expect(await bed.files()).toEqual([`${idOf(path)}.enc`]);
  });

  describe('an intruder', () => {
    let path: string;
    beforeEach(async () => {
      path = locationOf(await create(1_000));
    });
    const attempts = (who: Person | null, where = path) => [
      () => head(where, who), () => patch(where, 0, randomBytes(10), who), () => send('DELETE', where, tusHeaders(who)),
    ];

    it.each(['ben'] as const)('who is another clinician (%s) finds nothing', async (who) => {
      for (const attempt of attempts(who)) expect((await attempt()).status).toBe(404);
      expect((await head(path)).headers.get('upload-offset')).toBe('0');
    });

    it('without a token, or with a wrong one, is asked to sign in', async () => {
      for (const attempt of [...attempts(null), () => create(10, {}, null), () => send('OPTIONS', '/api/uploads', tusHeaders(null)), ...attempts('mallory' as Person)]) {
        expect((await attempt()).status).toBe(401);
      }
    });

    it('who is an admin has no business here', async () => {
      for (const attempt of [...attempts('ada'), () => create(10, {}, 'ada')]) expect((await attempt()).status).toBe(403);
    });

    it('who guesses addresses finds nothing', async () => {
      for (const wrong of [randomUUID(), 'x', '..%2f..%2fetc%2fpasswd', `${idOf(path)}.enc`, '%00', idOf(path).toUpperCase()]) {
        for (const attempt of attempts('ann', `/api/uploads/${wrong}`)) expect((await attempt()).status).toBe(404);
      }
    });

    it('cannot read an upload back through this address', async () => {
      expect([404, 405]).toContain((await send('GET', path, tusHeaders('ann'))).status);
    });
  });

  describe('after a crash', () => {
    const begin = async (file: Buffer) => {
      const path = locationOf(await create(file.length));
      return { path, id: idOf(path), repairs: api.app.get(UploadRepairs) };
    };

    it('between the last byte and the hand-over, the upload is handed over by the next pass, once', async () => {
      const file = wavOf(50_000);
      const { path, id, repairs } = await begin(file);
      receive = () => Promise.reject(new Error('the database went away'));
      expect((await patch(path, 0, file)).status).toBe(500);
      expect(api.received).toEqual([]);
      receive = async () => undefined;
      expect((await head(path)).headers.get('upload-offset')).toBe(String(file.length));
      await repairs.pass();
      await repairs.pass();
      expect(api.received.map((upload) => upload.id)).toEqual([id]);
    });

    it('between the last byte and everything else, the pass looks at the content too', async () => {
      for (const [file, count] of [[wavOf(50_000), 1], [Buffer.from('not audio at all'), 0]] as const) {
        const { id, repairs } = await begin(file);
        // The bytes are durable and the process dies: nothing else was written, and its lease runs out.
        await api.app.get(ObjectStore).append(id, 0, Readable.from([file], { objectMode: false }));
        await bed.sql.query(`update stored_object set lease_holder = $1, lease_until = now() - interval '1 second' where id = $2`, [randomUUID(), id]);
        api.received.length = 0;
        await repairs.pass();
        expect(api.received).toHaveLength(count);
        expect(await bed.row(id)).toEqual(count === 1 ? expect.objectContaining({ state: 'stored' }) : undefined);
      }
    });

    it('in the middle of a part, the upload waits for its client', async () => {
      const file = wavOf(200_000);
      const { path, id, repairs } = await begin(file);
      await patch(path, 0, file.subarray(0, 100_000));
      await bed.sql.query(`update stored_object set lease_holder = $1, lease_until = now() - interval '1 second' where id = $2`, [randomUUID(), id]);
      await repairs.pass();
      expect((await head(path)).headers.get('upload-offset')).toBe('100000');
    });

    it('an upload that nobody continued for a day is removed', async () => {
      const { path, id, repairs } = await begin(wavOf(200_000));
      await patch(path, 0, randomBytes(100_000));
      await bed.sql.query(`update stored_object set expires_at = now() - interval '1 second' where id = $1`, [id]);
      expect((await head(path)).status).toBe(404);
      await repairs.pass();
      await nothingLeft();
    });

    it('a part moves the day of removal on', async () => {
      const { path, id } = await begin(wavOf(200_000));
      await bed.sql.query(`update stored_object set expires_at = now() + interval '1 hour' where id = $1`, [id]);
      await patch(path, 0, randomBytes(100_000));
      const until = ((await bed.row(id))?.expires_at as Date).getTime();
      expect(until).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    });

    it('a pass leaves an upload alone that somebody works on', async () => {
      const { id, repairs } = await begin(wavOf(1_000));
      await bed.sql.query(`update stored_object set expires_at = now() - interval '1 second', lease_holder = $1, lease_until = now() + interval '5 seconds' where id = $2`, [randomUUID(), id]);
      await repairs.pass();
      expect(await bed.rowCount()).toBe(1);
    });
  });

  it('says that the disk is full before it takes a byte', async () => {
    const room = jest.spyOn(api.app.get(ObjectStore), 'requireRoom').mockRejectedValueOnce(new StorageFullError());
    const response = await create(1_000);
    expect(room).toHaveBeenCalledWith(1_000);
    expect(await problemOf(response)).toMatchObject({ status: 507, code: 'storage-full' });
    await nothingLeft();
  });

  it('may take longer than the five minutes that node gives a request', () => {
    const server = api.app.getHttpServer();
    expect(server.requestTimeout).toBe(0);
    expect(server.headersTimeout).toBeGreaterThan(0);
  });

  it('survives a storm of broken connections', async () => {
    const path = locationOf(await create(2_000_000));
    for (let round = 0; round < 20; round++) {
      const request = httpRequest(`${api.url}${path}`, {
        method: 'PATCH',
        headers: tusHeaders('ann', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream', 'Content-Length': '2000000' }),
      });
      request.on('error', () => undefined);
      request.write(randomBytes(1_000 + round));
      if (round % 2 === 0) await once(request, 'socket');
      request.destroy();
    }
    const response = await head(path);
    expect(response.status).toBe(200);
    expect((await bed.row(idOf(path)))?.state).toBe('uploading');
  });
});
