import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { Ack, type Problem } from '@auscult/contracts';
import type { Socket } from 'socket.io-client';
import { OwnRedis, type SignedIn, TestStack, eventually, openSocket } from '../../../test/index.js';
import { derivedKey } from '../config/index.js';
import { MetricsServer } from '../observability/index.js';
import { RealtimePublisher } from './index.js';

let redis: OwnRedis;
let stack: TestStack;
let ann: SignedIn;
let ben: SignedIn;
beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await TestStack.start({ redisUrl: redis.url });
  [ann, ben] = [await stack.people.signedIn(), await stack.people.signedIn()];
});
afterAll(async () => {
  await stack.close();
  await redis.kill();
});

/** Signs claims as the server would, or with a wrong key. */
function token(who: SignedIn, changes: object, key = derivedKey(stack.config.tokenSecret, 'access-token')): string {
  const { exp: _exp, ...claims } = new JwtService().decode<Record<string, unknown>>(who.token);
  return new JwtService({ secret: key }).sign({ ...claims, ...changes });
}

const soon = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** What a server says to a socket that it does not let in. */
async function refusal(given: unknown): Promise<Problem> {
  const socket = openSocket(stack.url, given);
  try {
    return await new Promise((resolve, reject) => {
      socket.once('connect', () => reject(new Error('It was let in')));
      socket.once('connect_error', (error: Error & { data?: Problem }) => (error.data ? resolve(error.data) : reject(error)));
    });
  } finally {
    socket.close();
  }
}

async function emit(socket: Socket, event: string, ...payload: unknown[]): Promise<Ack> {
  return Ack.parse(await socket.timeout(5000).emitWithAck(event, ...payload));
}

function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

describe('a handshake', () => {
  it('is refused without a token, and with one that is damaged, forged, expired, or not even text', async () => {
    const bad = [undefined, '', 'nonsense', 7, { $ne: null }, ['a'], `${ann.token}x`, token(ann, { exp: soon(60) }, Buffer.alloc(32)), token(ann, { exp: soon(-1) })];
    for (const given of bad) expect((await refusal(given)).code).toBe('sign-in-required');
  });

  it('is refused once the session is over', async () => {
    const gone = await stack.people.signedIn();
    await gone.send('POST', '/api/auth/sign-out');
    expect((await refusal(gone.token)).code).toBe('session-ended');
  });

  it('takes no token from the address, where logs would see it', async () => {
    const response = await fetch(`${stack.url}/socket.io/?EIO=4&transport=polling&token=${ann.token}`);
    expect(response.status).toBe(200);
    const socket = openSocket(`${stack.url}/?token=${ann.token}`);
    await next(socket, 'connect_error');
    socket.close();
  });
});

describe('a socket', () => {
  it('hears what is for its person or its session, from any process, and nothing else', async () => {
    const worker = await stack.startWorker();
    const [mine, second, other] = [await ann.socket(), await ann.socket(), await ben.socket()];
    const heard: unknown[] = [];
    other.onAny((...event: unknown[]) => heard.push(event));
    const payload = { recordingId: randomUUID() };
    const both = Promise.all([next(mine, 'recording:deleted'), next(second, 'recording:deleted')]);
    worker.get(RealtimePublisher).toUser(ann.id, 'recording:deleted', payload);
    expect(await both).toEqual([payload, payload]);
    const own = next(other, 'recording:deleted');
    stack.api.get(RealtimePublisher).toUser(ben.id, 'recording:deleted', payload);
    await own;
    expect(heard).toEqual([['recording:deleted', payload]]);
    for (const socket of [mine, second, other]) socket.close();
  });

  it('is shown out when its token ends', async () => {
    const socket = openSocket(stack.url, token(ann, { exp: soon(2) }));
    await next(socket, 'connect');
    expect(await next(socket, 'disconnect')).toBe('io server disconnect');
  });

  it('is shown out when its session ends, and the person’s other sessions stay', async () => {
    const person = await stack.people.add();
    const [laptop, phone] = [await stack.people.signIn(person.email), await stack.people.signIn(person.email)];
    const [first, second] = [await laptop.socket(), await phone.socket()];
    const gone = next(first, 'disconnect');
    await laptop.send('POST', '/api/auth/sign-out');
    await gone;
    expect(second.connected).toBe(true);
    second.close();
  });

  it('is answered with a problem for input that is wrong, whatever it is', async () => {
    const socket = await ann.socket();
    for (const payload of [undefined, null, 'text', 7, [], {}, { recordingId: 'no id' }, { recordingId: { $ne: null } }]) {
      const ack = await emit(socket, 'transcript:watch', payload);
      expect(ack).toMatchObject({ ok: false, problem: { code: 'request-invalid', status: 400 } });
    }
    expect(await emit(socket, 'transcript:watch')).toMatchObject({ ok: false, problem: { code: 'request-invalid' } });
    expect(await emit(socket, 'no:such', {})).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(socket.connected).toBe(true);
    socket.close();
  });

  it('of an admin may not watch a transcript', async () => {
    const admin = await stack.people.signedIn({ role: 'admin' });
    const socket = await admin.socket();
    expect(await emit(socket, 'transcript:watch', { recordingId: randomUUID() })).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
    socket.close();
  });

  it('cannot send more than a little', async () => {
    const socket = await ann.socket();
    const gone = next(socket, 'disconnect');
    socket.emit('transcript:watch', { recordingId: 'x'.repeat(200_000) });
    await gone;
  });

  it('that leaves takes its connection with it', async () => {
    const socket = await ann.socket();
    const { engine } = socket.io;
    const closed = new Promise((resolve) => engine.once('close', resolve));
    engine.write('1'); // leaves the namespace, as the client does before it closes the connection
    await closed;
    socket.close();
  });

  it('is counted for the operator', async () => {
    await eventually(async () => (await liveSockets()) === 0);
    const sockets = [await ann.socket(), await ben.socket(), await ben.socket()];
    expect(await liveSockets()).toBe(3);
    for (const socket of sockets) socket.close();
    await eventually(async () => (await liveSockets()) === 0);
  });
});

describe('when Redis goes and comes back', () => {
  it('a session that was ended meanwhile loses its sockets all the same, and no other does', async () => {
    const person = await stack.people.add();
    const [laptop, phone] = [await stack.people.signIn(person.email), await stack.people.signIn(person.email)];
    const [first, second] = [await laptop.socket(), await phone.socket()];
    const gone = next(first, 'disconnect');
    await redis.kill();
    expect((await laptop.send('POST', '/api/auth/sign-out')).status).toBe(204);
    expect(await gone).toBe('io server disconnect');
    expect(second.connected).toBe(true);
    second.close();
    await redis.start();
  }, 30_000);

  it('sockets stay, events are dropped meanwhile and arrive again afterwards', async () => {
    const socket = await ann.socket();
    const publisher = stack.api.get(RealtimePublisher);
    await redis.kill();
    publisher.toUser(ann.id, 'recording:deleted', { recordingId: randomUUID() });
    expect(socket.connected).toBe(true);
    await redis.start();
    const payload = { recordingId: randomUUID() };
    const heard: unknown[] = [];
    socket.on('recording:deleted', (event) => heard.push(event));
    await eventually(() => {
      publisher.toUser(ann.id, 'recording:deleted', payload);
      return heard.length > 0;
    });
    expect(heard[0]).toEqual(payload);
    socket.close();
  });
});

async function liveSockets(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${stack.api.get(MetricsServer).port}/metrics`)).text();
  return Number(/^auscult_live_sockets (\d+)$/m.exec(metrics)?.[1]);
}
