import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccessTokenSource } from './access-token.js';
import { AuscultClient, type AuscultClientOptions } from './auscult-client.js';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { toneDetector } from './live/testing/tone-network.js';
import { VoiceNetwork } from './live/voice/voice-network.js';
import { fileNameOf } from './transcripts-routes.js';
import { contractCheck } from './validation.js';

const recording = {
  id: '7f9c2ba4-e88f-4a3c-9c1e-0a6d8e0b4f11',
  title: 'Session',
  status: 'completed',
  mediaType: 'audio/wav',
  sizeBytes: 10,
  durationMs: 1000,
  channelCount: 1,
  transcribedMs: 1000,
  progress: 1,
  wordCount: 2,
  failure: null,
  notices: [],
  live: null,
  secondPass: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
};

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

describe('AuscultClient', () => {
  let server: Server;
  let baseUrl: string;
  let handler: Handler;
  let seen: { method: string; url: string; authorization: string | undefined; body: string; contentType: string | undefined }[];

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { authorization, 'content-type': contentType } = request.headers;
        seen.push({ method: request.method ?? '', url: request.url ?? '', authorization, body, contentType });
        handler(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const problem = (response: ServerResponse, status: number, code: string, headers?: Record<string, string>) =>
    json(response, status, { type: `/problems/${code}`, code, title: 'Title', status, detail: 'Detail' }, headers);
  const client = (options: AuscultClientOptions = {}) => new AuscultClient({ baseUrl, ...options });

  it('sends the query, the token and JSON, and reads the answer', async () => {
    handler = (_request, response) => json(response, 200, { items: [recording], total: 1, page: 1, pageSize: 25 });
    const source: AccessTokenSource = { current: () => 'one', refresh: () => Promise.resolve(null) };
    const page = await client({ accessToken: source, check: contractCheck }).recordings.list({ search: 'a b', page: 2, status: undefined });
    expect(page.items[0]?.title).toBe('Session');
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/recordings?search=a+b&page=2', authorization: 'Bearer one' });

    handler = (_request, response) => json(response, 200, recording);
    await client().recordings.update(recording.id, { title: 'New' });
    expect(seen[1]).toMatchObject({ method: 'PATCH', url: `/api/recordings/${recording.id}`, contentType: 'application/json', body: '{"title":"New"}', authorization: undefined });
  });

  it('turns a problem document into a ProblemError with its code', async () => {
    handler = (_request, response) => problem(response, 429, 'too-many-requests', { 'retry-after': '7' });
    const error = await client().auth.signIn({ email: 'a@b.example', password: 'x' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'too-many-requests', status: 429, message: 'Detail', retryAfterSeconds: 7 });
    expect(ProblemError.is(error, 'conflict')).toBe(false);
    expect(ProblemError.is(error, 'conflict', 'too-many-requests')).toBe(true);
  });

  it.each([
    [502, 'unavailable'],
    [413, 'upload-too-large'],
    [500, 'internal'],
  ])('gives a proxy page with status %d the code %s', async (status, code) => {
    handler = (_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad</h1>');
    await expect(client().recordings.get(recording.id)).rejects.toMatchObject({ code, status });
  });

  it('says so when nobody answers, and when the caller gave up', async () => {
    const closed = new AuscultClient({ baseUrl: 'http://127.0.0.1:1' });
    await expect(closed.auth.me()).rejects.toBeInstanceOf(UnreachableError);
    const aborted = AbortSignal.abort();
    await expect(client().auth.me({ signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses an answer that is no such thing', async () => {
    handler = (_request, response) => json(response, 200, { hello: 'world' });
    await expect(client().recordings.get(recording.id)).rejects.toBeInstanceOf(UnexpectedAnswerError);
    handler = (_request, response) => response.writeHead(200).end('<html>');
    await expect(client().recordings.get(recording.id)).rejects.toBeInstanceOf(UnexpectedAnswerError);
    handler = (_request, response) => json(response, 200, { ...recording, progress: 7 });
    await expect(client({ check: contractCheck }).recordings.get(recording.id)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  it('renews a refused token once for requests that fail together', async () => {
    let token = 'old';
    let refreshes = 0;
    const source: AccessTokenSource = {
      current: () => token,
      refresh: async () => {
        refreshes += 1;
        await new Promise((resolve) => setImmediate(resolve));
        return (token = 'new');
      },
    };
    handler = (request, response) =>
      request.headers.authorization === 'Bearer new' ? json(response, 200, recording) : problem(response, 401, 'sign-in-required');
    const { recordings } = client({ accessToken: source });
    await Promise.all([recordings.get(recording.id), recordings.get(recording.id), recordings.get(recording.id)]);
    expect(refreshes).toBe(1);
  });

  it('gives up after one renewed attempt, and at once when there is no other token', async () => {
    handler = (_request, response) => problem(response, 401, 'session-ended');
    let refreshes = 0;
    const renewing: AccessTokenSource = { current: () => 'a', refresh: () => Promise.resolve(`b${(refreshes += 1)}`) };
    await expect(client({ accessToken: renewing }).auth.me()).rejects.toMatchObject({ code: 'session-ended' });
    expect(refreshes).toBe(1);
    expect(seen).toHaveLength(2);
    const ended: AccessTokenSource = { current: () => 'a', refresh: () => Promise.resolve(null) };
    await expect(client({ accessToken: ended }).auth.me()).rejects.toMatchObject({ code: 'session-ended' });
    expect(seen).toHaveLength(3);
  });

  it('never renews for a wrong password', async () => {
    handler = (_request, response) => problem(response, 401, 'credentials-wrong');
    const refresh = (): Promise<string | null> => Promise.reject(new Error('must not be called'));
    const source: AccessTokenSource = { current: () => 'a', refresh };
    await expect(client({ accessToken: source }).auth.signIn({ email: 'a@b.example', password: 'x' })).rejects.toMatchObject({ code: 'credentials-wrong' });
    expect(seen[0]?.authorization).toBeUndefined();
  });

  it('makes the audio link absolute, exports a file with its name and uploads a form', async () => {
    handler = (_request, response) => json(response, 200, { url: '/api/audio/abc', expiresAt: '2026-01-01T00:00:00.000Z', mediaType: 'audio/wav' });
    expect((await client().recordings.audioLink(recording.id)).url).toBe(`${baseUrl}/api/audio/abc`);
    expect(seen[0]?.body).toBe('{"disposition":"inline"}');

    handler = (_request, response) =>
      response.writeHead(200, { 'content-disposition': `attachment; filename="Session.srt"; filename*=UTF-8''S%C3%A9ance.srt` }).end('1');
    const file = await client().transcripts.export(recording.id, 'srt');
    expect(file.fileName).toBe('Séance.srt');
    expect(await file.blob.text()).toBe('1');
    expect(seen[1]?.url).toBe(`/api/recordings/${recording.id}/export?format=srt`);

    handler = (_request, response) => json(response, 201, recording);
    await client().recordings.upload(new Blob(['RIFF']), { fileName: 'a.wav', title: 'Title' });
    expect(seen[2]?.contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[2]?.body).toContain('filename="a.wav"');
    // Fields come before the file, so that a server that reads the form as a stream knows them in time.
    expect(seen[2]?.body.indexOf('name="title"')).toBeLessThan(seen[2]?.body.indexOf('name="file"') ?? -1);
  });

  it('fetches the voice detector once, and again after it could not be had', async () => {
    const auscult = client();
    handler = (_request, response) => problem(response, 404, 'not-found');
    await expect(auscult.live.voiceDetector()).rejects.toMatchObject({ code: 'not-found' });
    handler = (_request, response) => response.writeHead(200).end('a page of a proxy');
    await expect(auscult.live.voiceDetector()).rejects.toBeInstanceOf(UnexpectedAnswerError);
    handler = (_request, response) => response.writeHead(200).end(Buffer.from(toneDetector()));
    const [one, other] = await Promise.all([auscult.live.voiceDetector(), auscult.live.voiceDetector()]);
    expect(one).toBe(other);
    expect(one).toBeInstanceOf(VoiceNetwork);
    expect(seen.map(({ url }) => url)).toEqual(Array<string>(3).fill('/api/live/voice-detector'));
  });

  it('answers nothing for 204', async () => {
    handler = (_request, response) => response.writeHead(204).end();
    await expect(client().recordings.delete(recording.id)).resolves.toBeUndefined();
  });
});

describe('fileNameOf', () => {
  it.each([
    ['attachment; filename="a b.txt"', 'a b.txt'],
    ['attachment; filename=a.txt', 'a.txt'],
    [`attachment; filename="x.txt"; filename*=UTF-8''%E0%A4%A`, 'x.txt'],
    ['attachment', null],
    [null, null],
  ])('reads %s', (header, name) => expect(fileNameOf(header)).toBe(name));
});
