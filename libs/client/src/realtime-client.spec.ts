import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { AccessTokenSource } from './access-token.js';
import { ProblemError } from './errors.js';
import { RealtimeClient, type ConnectionState } from './realtime-client.js';

const id = '7f9c2ba4-e88f-4a3c-9c1e-0a6d8e0b4f11';
const refused = (status: number, code: string) =>
  Object.assign(new Error(code), { data: { type: `/problems/${code}`, code, title: 'Title', status } });

describe('RealtimeClient', () => {
  let http: HttpServer;
  let server: Server;
  let baseUrl: string;
  let token: string;
  let refreshes: number;
  let watches: string[];
  let accept: (given: string) => Error | undefined;
  let answerWatch: () => unknown;
  let client: RealtimeClient;
  const sockets: Socket[] = [];

  const source: AccessTokenSource = {
    current: () => token,
    refresh: () => {
      refreshes += 1;
      return Promise.resolve((token = `token-${refreshes}`));
    },
  };

  beforeEach(async () => {
    token = 'token-0';
    refreshes = 0;
    watches = [];
    sockets.length = 0;
    accept = () => undefined;
    answerWatch = () => ({ ok: true });
    http = createServer();
    server = new Server(http);
    server.use((socket, next) => next(accept((socket.handshake.auth as { token: string }).token)));
    server.on('connection', (socket) => {
      sockets.push(socket);
      socket.on('transcript:watch', (payload: { recordingId: string }, ack: (answer: unknown) => void) => {
        watches.push(payload.recordingId);
        const answer = answerWatch();
        if (answer) ack(answer);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    client = new RealtimeClient({ baseUrl, accessToken: source, reconnectDelayMs: 5, reconnectDelayMaxMs: 20, ackTimeoutMs: 200 });
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  const becomes = (wanted: ConnectionState) =>
    new Promise<void>((resolve) => {
      if (client.state === wanted) return resolve();
      const stop = client.onStateChange((state) => {
        if (state !== wanted) return;
        stop();
        resolve();
      });
    });
  const connected = () =>
    new Promise<void>((resolve) => {
      const stop = client.onConnect(() => {
        stop();
        resolve();
      });
    });
  const watching = () => {
    const told = connected();
    client.watchTranscript(id);
    return told;
  };

  it('watches, receives and stops receiving', async () => {
    const watch = client.watchTranscript(id);
    await watch.ready;
    expect(watches).toEqual([id]);
    const received: string[] = [];
    const next = () => new Promise<void>((resolve) => void client.on('transcript:reset', () => resolve()));
    const stop = client.on('recording:deleted', (payload) => received.push(payload.recordingId));
    let done = next();
    server.emit('recording:deleted', { recordingId: id });
    server.emit('transcript:reset', { recordingId: id });
    await done;
    stop();
    done = next();
    server.emit('recording:deleted', { recordingId: id });
    server.emit('transcript:reset', { recordingId: id });
    await done;
    expect(received).toEqual([id]);
  });

  it('shares one watch between holders and leaves with the last', async () => {
    const first = client.watchTranscript(id);
    const second = client.watchTranscript(id);
    await Promise.all([first.ready, second.ready]);
    expect(watches).toEqual([id]);
    const left = new Promise((resolve) => sockets[0]?.on('transcript:unwatch', resolve));
    first.stop();
    first.stop();
    second.stop();
    await expect(left).resolves.toEqual({ recordingId: id });
  });

  it('tells its listeners of the first connection once the watched rooms are joined', async () => {
    await watching();
    expect(watches).toEqual([id]);
    expect(client.state).toBe('connected');
  });

  it('joins again after an interruption and then tells its listeners', async () => {
    await watching();
    const again = connected();
    sockets[0]?.conn.close();
    await again;
    expect(watches).toEqual([id, id]);
    expect(client.state).toBe('connected');
  });

  it('tells its listeners when the first connection breaks before the server has let it in', async () => {
    let cut = true;
    server.use((socket, next) => {
      if (!cut) return next();
      cut = false;
      socket.conn.close();
    });
    const told = connected();
    client.connect();
    await told;
    expect(client.state).toBe('connected');
  });

  it('renews the token when the server ends the socket', async () => {
    await watching();
    accept = (given) => (given === 'token-0' ? refused(401, 'sign-in-required') : undefined);
    const again = connected();
    sockets[0]?.disconnect(true);
    await again;
    expect(refreshes).toBe(1);
    expect(watches).toEqual([id, id]);
  });

  it('renews a token that the handshake refuses, and says when there is none', async () => {
    accept = (given) => (given === 'token-0' ? refused(401, 'sign-in-required') : undefined);
    client.connect();
    await becomes('connected');
    expect(refreshes).toBe(1);
    client.close();

    accept = () => refused(401, 'session-ended');
    const ended = new RealtimeClient({ baseUrl, accessToken: { current: () => 'x', refresh: () => Promise.resolve(null) } });
    client = ended;
    ended.connect();
    await becomes('signed-out');
  });

  it('keeps trying with pauses while the server refuses for another reason', async () => {
    let attempts = 0;
    accept = () => ((attempts += 1) < 3 ? refused(503, 'unavailable') : undefined);
    client.connect();
    await becomes('connected');
    expect(attempts).toBe(3);
    expect(refreshes).toBe(0);
  });

  it('rejects a watch that the server refuses or never answers', async () => {
    answerWatch = () => ({ ok: false, problem: { type: '/problems/not-found', code: 'not-found', title: 'T', status: 404 } });
    const error = await client.watchTranscript(id).ready.catch((reason: unknown) => reason);
    expect(ProblemError.is(error, 'not-found')).toBe(true);
    answerWatch = () => null;
    await expect(client.watchTranscript('other').ready).rejects.toMatchObject({ name: 'UnreachableError' });
  });

  it('answers a request with what the server said, refuses as it did, and sends nothing without a connection', async () => {
    const mark = { recordingId: id, writer: 1, frames: 3 };
    await expect(client.request('live:finish', mark)).rejects.toMatchObject({ name: 'UnreachableError' });
    client.connect();
    await becomes('connected');
    const said: unknown[] = [];
    const answers: unknown[] = [{ ok: true }, { ok: false, problem: { type: '/problems/live-ended', code: 'live-ended', title: 'T', status: 409 } }];
    const unanswered = new Promise<void>((resolve) => {
      sockets[0]?.on('live:finish', (payload: unknown, ack: (answer: unknown) => void) => {
        said.push(payload);
        const answer = answers.shift();
        if (answer) ack(answer);
        else resolve();
      });
    });
    await expect(client.request('live:finish', mark)).resolves.toEqual({ ok: true });
    await expect(client.request('live:finish', mark)).rejects.toMatchObject({ name: 'ProblemError', code: 'live-ended' });
    await expect(client.request('live:finish', mark, 20)).rejects.toMatchObject({ name: 'UnreachableError' });
    await unanswered;
    expect(said).toEqual([mark, mark, mark]);
  });

  it('carries sound as bytes', async () => {
    client.connect();
    await becomes('connected');
    sockets[0]?.on('live:audio', (payload: { audio: unknown }, ack: (answer: unknown) => void) => {
      ack({ ok: true, received: payload.audio instanceof Uint8Array ? [...payload.audio].length : -1, stored: 0 });
    });
    const audio = new Uint8Array(100).subarray(10, 42);
    await expect(client.request('live:audio', { recordingId: id, writer: 1, first: 0, audio })).resolves.toMatchObject({ received: 32 });
  });

  it('makes a new connection when it is told that the old one does not answer', async () => {
    await watching();
    const again = connected();
    client.restart();
    expect(client.state).toBe('interrupted');
    await again;
    expect(client.state).toBe('connected');
    expect(watches).toEqual([id, id]);
    expect(sockets).toHaveLength(2);
  });

  it('asks again by itself for a watch that cannot be had just now, first or again, and then has the rows read', async () => {
    const unavailable = { ok: false, problem: { type: '/problems/unavailable', code: 'unavailable', title: 'T', status: 503 } };
    let answers: unknown[] = [unavailable, unavailable];
    answerWatch = () => answers.shift() ?? { ok: true };
    const heard = connected();
    await expect(client.watchTranscript(id).ready).rejects.toMatchObject({ code: 'unavailable' });
    await heard;
    const again = connected();
    await again;
    expect(watches).toEqual([id, id, id]);
    answers = [unavailable];
    const back = connected();
    client.restart();
    await back;
    await connected();
    expect(watches).toEqual([id, id, id, id, id]);
  });

  it('asks again for a watch that was refused when somebody watches again', async () => {
    answerWatch = () => ({ ok: false, problem: { type: '/problems/not-found', code: 'not-found', title: 'T', status: 404 } });
    await expect(client.watchTranscript(id).ready).rejects.toMatchObject({ code: 'not-found' });
    answerWatch = () => ({ ok: true });
    await client.watchTranscript(id).ready;
    expect(watches).toEqual([id, id]);
  });
});
