import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Server } from 'socket.io';
import { takeFrames, WireSocket } from './wire-socket.mjs';

let http;
let io;
let url;
const heard = [];
const connections = [];

before(async () => {
  http = createServer();
  io = new Server(http, { pingInterval: 50, pingTimeout: 2_000 });
  io.use((socket, next) => next(socket.handshake.auth.token === 'good' ? undefined : new Error('no')));
  io.on('connection', (socket) => {
    connections.push(socket);
    socket.on('say', (payload, answer) => {
      heard.push(payload);
      answer({ ok: true, length: payload.audio?.length ?? 0 });
      socket.emit('told', { text: 'Grüße', times: heard.length });
    });
    socket.on('refuse', (_, answer) => answer({ ok: false, problem: { code: 'not-found' } }));
    socket.on('leave', () => socket.disconnect(true));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `http://127.0.0.1:${http.address().port}`;
});
after(() => io.close());

test('a server of Socket.IO hears events and sound of every length, and answers them', async () => {
  const socket = await WireSocket.connect(url, 'good');
  const told = [];
  socket.on('told', (payload) => told.push(payload));
  for (const length of [0, 1, 125, 126, 3_200, 65_535, 65_536, 200_000]) {
    const audio = Uint8Array.from({ length }, (_, index) => index);
    const { length: received } = await socket.request('say', { first: length }, length > 0 ? audio : undefined);
    assert.equal(received, length);
    assert.deepEqual(heard.at(-1), length > 0 ? { first: length, audio: Buffer.from(audio) } : { first: 0 });
  }
  await socket.request('say', { text: 'Größe'.repeat(100) });
  assert.equal(heard.at(-1).text, 'Größe'.repeat(100));
  while (told.length < 9) await new Promise(setImmediate);
  assert.deepEqual(told.at(-1), { text: 'Grüße', times: 9 });
  socket.close();
});

test('it answers when the server asks whether it lives', async () => {
  const socket = await WireSocket.connect(url, 'good');
  // A server that hears nothing for so long ends the connection.
  await new Promise((resolve) => connections.at(-1).conn.on('heartbeat', resolve));
  assert.ok((await socket.request('say', {})).ok);
  socket.close();
});

test('refusals and a lost connection reject', async () => {
  await assert.rejects(WireSocket.connect(url, 'bad'), /does not let us in/);
  const busy = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(busy, 'listening');
  await assert.rejects(WireSocket.connect(`http://127.0.0.1:${busy.address().port}`, 'good'), /does not open a socket: 503/);
  busy.close();
  const socket = await WireSocket.connect(url, 'good');
  await assert.rejects(socket.request('refuse', {}), /refuse is refused: not-found/);
  await assert.rejects(socket.request('leave', {}), /closed the connection/);
  await assert.rejects(socket.request('say', {}), /closed the connection/);
});

test('frames are taken whole, however they were cut', () => {
  const frame = (bytes) => Buffer.concat([bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]), bytes]);
  const payloads = [0, 5, 125, 126, 1_000].map((length) => Buffer.alloc(length, length));
  const all = Buffer.concat(payloads.map(frame));
  for (const step of [1, 3, 130, all.length]) {
    const found = [];
    let rest = Buffer.alloc(0);
    for (let at = 0; at < all.length; at += step) {
      const taken = takeFrames(Buffer.concat([rest, all.subarray(at, at + step)]));
      found.push(...taken.frames.map(({ payload }) => Buffer.from(payload)));
      rest = taken.rest;
    }
    assert.deepEqual(found, payloads);
    assert.equal(rest.length, 0);
  }
});
