import { randomBytes, randomUUID } from 'node:crypto';
import { type Socket as NetSocket, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LiveReceived, Refusal } from '@auscult/contracts';
import { type Socket, io } from 'socket.io-client';
import { Caller } from '../../../../../test/transcription/caller.js';
import { LiveSender, codeOf, patternedFrames } from '../../../../../test/transcription/live-sender.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';
import { MAX_SOCKETS_PER_USER, MAX_STRANGERS } from '../../../../platform/realtime/index.js';

let stack: TranscriptionStack;
/** A session that goes on all the while. */
let running: LiveSender;
let sent = 0;

beforeAll(async () => {
  stack = await TranscriptionStack.start();
  running = await LiveSender.begin(stack.people.owner);
});

afterAll(async () => {
  running.close();
  await stack.close();
});

async function someone(): Promise<Caller> {
  const person = await stack.stack.people.signedIn();
  return new Caller(stack.url, person.token, person.id);
}

/** A second of sound is taken, each message of it within five seconds. */
async function aSecondGoesOn(): Promise<void> {
  for (let frame = 0; frame < 10; frame += 1) {
    expect(await running.send(sent, 1)).toEqual({ ok: true, received: sent + 1, stored: 0 });
    sent += 1;
  }
}

function gone(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

describe('sound that is none', () => {
  it('is refused by its length, its place or its kind, and harms nothing', async () => {
    const sender = await LiveSender.begin(await someone(), randomUUID(), 2);
    const wrong: Record<string, unknown>[] = [
      { audio: patternedFrames(0, 1, 1) },
      { audio: patternedFrames(0, 9, 2) },
      { audio: new Uint8Array(0) },
      { audio: randomBytes(6401) },
      { audio: 'sound' },
      { audio: [1, 2, 3] },
      { audio: { type: 'Buffer', data: [1, 2] } },
      { audio: null },
      { first: -1 },
      { first: 0.5 },
      { first: 1e12 },
      { first: 288_000 },
      { writer: '1' },
      { recordingId: { $ne: null } },
    ];
    for (const changes of wrong) expect(codeOf(await sender.send(0, 1, changes))).toBe('request-invalid');
    expect(await sender.send(0, 1)).toEqual({ ok: true, received: 1, stored: 0 });
    await aSecondGoesOn();
    sender.close();
  });

  it('may be any bytes of the right length: noise is sound', async () => {
    const sender = await LiveSender.begin(await someone());
    expect(await sender.send(0, 2, { audio: randomBytes(6400) })).toMatchObject({ ok: true, received: 2 });
    sender.close();
  });

  it('ends the connection when it is a giant', async () => {
    const sender = await LiveSender.begin(await someone());
    const end = gone(sender.watcher.socket);
    sender.watcher.socket.emit('live:audio', { recordingId: sender.recordingId, writer: 1, first: 0, audio: randomBytes(200_000) });
    await end;
    await aSecondGoesOn();
  });

  it('ends the connection when it is not even the protocol', async () => {
    const sender = await LiveSender.begin(await someone());
    const end = gone(sender.watcher.socket);
    const engine = sender.watcher.socket.io.engine;
    engine.write('51-{"_placeholder":true,"num":9999},]]]');
    engine.write(randomBytes(100).toString('latin1'));
    await end;
    await aSecondGoesOn();
  });
});

describe('too much', () => {
  it('sound is refused, and the socket shown out when it goes on; the next session does not notice', async () => {
    const sender = await LiveSender.begin(await someone());
    const end = gone(sender.watcher.socket);
    const audio = patternedFrames(0, 1);
    // What is within the limit is taken, all of it; in the flood, its answers may find the socket shown out already.
    const taken = await Promise.all(Array.from({ length: 20 }, () => sender.send(0, 1)));
    expect(taken.every((answer) => answer.ok)).toBe(true);
    const answers: (LiveReceived | Refusal)[] = [];
    for (let message = 0; message < 2_000; message += 1) {
      sender.watcher.socket.emit('live:audio', { recordingId: sender.recordingId, writer: 1, first: 0, audio }, (answer: LiveReceived | Refusal) => answers.push(answer));
    }
    expect(await end).toBe('io server disconnect');
    expect(answers.some((answer) => codeOf(answer) === 'too-many-requests')).toBe(true);
    await aSecondGoesOn();
  });

  it('of anything else too', async () => {
    const sender = await LiveSender.connect(await someone());
    const end = gone(sender.watcher.socket);
    for (let message = 0; message < 400; message += 1) sender.watcher.socket.emit('no:such', { message });
    expect(await end).toBe('io server disconnect');
    await aSecondGoesOn();
  });

  it('catching up is not: two minutes of sound as fast as they are answered', async () => {
    const sender = await LiveSender.begin(await someone());
    const answer = await sender.sendAll(0, 1_200);
    expect(answer).toEqual({ ok: true, received: 1_200, stored: 0 });
    sender.close();
  });

  it('sockets of one person are refused beyond what anybody needs', async () => {
    const person = await someone();
    const senders = await Promise.all(Array.from({ length: MAX_SOCKETS_PER_USER }, () => LiveSender.connect(person)));
    await expect(LiveSender.connect(person)).rejects.toMatchObject({ message: 'too-many-requests' });
    await aSecondGoesOn();
    for (const sender of senders) sender.close();
  });
});

describe('connections that say nothing', () => {
  it('are closed in time, pile up no further than the limit, and harm nobody', async () => {
    const address = new URL(stack.url);
    const idle = Array.from({ length: MAX_STRANGERS + 200 }, () => handshakeOnly(address));
    try {
      const answers = await Promise.all(idle.map(({ answer }) => answer));
      expect(answers.filter((status) => status === 101).length).toBeLessThanOrEqual(MAX_STRANGERS);
      expect(answers.filter((status) => status === 400).length).toBeGreaterThanOrEqual(200);
      await aSecondGoesOn();
      await Promise.all(idle.map(({ closed }) => closed));
    } finally {
      for (const { line } of idle) line.destroy();
    }
    const sender = await LiveSender.begin(await someone());
    sender.close();
    await aSecondGoesOn();
  });

  it('with a token that is none are turned away', async () => {
    const socket = io(stack.url, { auth: { token: 'x'.repeat(10_000) }, transports: ['websocket'], reconnection: false, forceNew: true });
    const refusal = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    expect(refusal.message).toBe('sign-in-required');
    socket.close();
  });
});

/** A WebSocket that is opened and then never says who it is; `answer` is the HTTP status. */
function handshakeOnly({ hostname, port }: URL): { line: NetSocket; answer: Promise<number>; closed: Promise<void> } {
  const line = connect(Number(port), hostname);
  line.on('error', () => undefined);
  const key = randomBytes(16).toString('base64');
  line.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const answer = new Promise<number>((resolve) => line.once('data', (bytes) => resolve(Number(bytes.toString('latin1').split(' ')[1]))));
  const closed = new Promise<void>((resolve) => line.once('close', () => resolve()));
  return { line, answer, closed };
}
