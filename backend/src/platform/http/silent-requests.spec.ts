import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endSilentRequests } from './silent-requests.js';

describe('requests whose body stops coming', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer();
    endSilentRequests(server, 100);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const post = (bytes: number) => request({ port: (server.address() as AddressInfo).port, method: 'POST', headers: { 'Content-Length': bytes } });
  const nextRequest = async () => (await once(server, 'request')) as [IncomingMessage, ServerResponse];

  it.each(['read', 'not read'])('are ended where they are %s', async (how) => {
    const sending = post(10);
    const broken = once(sending, 'error');
    const arriving = nextRequest();
    sending.write('12345');
    const [received] = await arriving;
    if (how === 'read') received.resume();
    expect(await broken).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
    expect(received).toMatchObject({ complete: false, destroyed: true });
  });

  it('do not count as silent while their answer takes long: one that was whole before another fell silent outlives it', async () => {
    const whole = post(5);
    const arriving = nextRequest();
    whole.end('12345');
    const [received, response] = await arriving;
    received.resume();
    await once(received, 'end');
    const silent = post(10);
    const ended = once(silent, 'error');
    silent.write('12345');
    await ended;
    const answered = once(whole, 'response') as Promise<[IncomingMessage]>;
    response.end('done');
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    answer.resume();
    await once(answer, 'end');
  });
});
