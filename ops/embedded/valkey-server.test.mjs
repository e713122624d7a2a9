import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Redis from 'ioredis';
import { freePort } from '../launcher/ports.mjs';

const password = 'only-for-this-test';
const script = join(import.meta.dirname, 'valkey-server.mjs');
let server, port;
const clients = [];
const connect = () => {
  const client = new Redis({ host: '127.0.0.1', port, password });
  clients.push(client);
  return client;
};

before(async () => {
  port = await freePort();
  server = spawn(process.execPath, ['--no-warnings', script], { env: { ...process.env, PORT: String(port), REDIS_PASSWORD: password }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => server.stdout.on('data', (text) => /valkey-server: ready/.test(text) && resolve()));
});
after(async () => {
  await Promise.all(clients.map((client) => client.quit()));
  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');
  assert.equal(code, 0);
});

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function medianOf(rounds, measure) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await measure(round);
    times.push(performance.now() - began);
  }
  return median(times);
}

/** Stock 0.1.1 needs 37 ms (messages) and 99 ms (blocked reads) here; a busy machine needs a few. */
const PROMPT_MS = 15;

test('a message reaches another client at once', async () => {
  const [publisher, subscriber] = [connect(), connect()];
  await subscriber.subscribe('channel');
  const took = await medianOf(40, async (round) => {
    const arrived = once(subscriber, 'message');
    await publisher.publish('channel', String(round));
    assert.equal((await arrived)[1], String(round));
  });
  assert.ok(took < PROMPT_MS, `median ${took.toFixed(1)} ms`);
});

test('a blocked reader gets its job at once', async () => {
  const [producer, consumer] = [connect(), connect()];
  const took = await medianOf(40, async (round) => {
    const job = consumer.brpoplpush('wait', 'active', 5);
    await producer.ping();
    await producer.lpush('wait', String(round));
    assert.equal(await job, String(round));
  });
  assert.ok(took < PROMPT_MS, `median ${took.toFixed(1)} ms`);
});

test('a large value and a long pipeline come back whole', async () => {
  const client = connect();
  const large = 'x'.repeat(3_000_000);
  await client.set('large', large);
  assert.equal(await client.get('large'), large);
  const pipeline = client.pipeline();
  for (let index = 0; index < 5000; index += 1) pipeline.incr('count');
  await pipeline.exec();
  assert.equal(await client.get('count'), '5000');
});

test('scripts run, and nobody gets in without the password', async () => {
  const client = connect();
  assert.equal(await client.eval('return redis.call("incrby", KEYS[1], 5)', 1, 'scripted'), 5);
  const stranger = new Redis({ host: '127.0.0.1', port, lazyConnect: true, enableReadyCheck: false });
  await stranger.connect();
  await assert.rejects(stranger.get('large'), /NOAUTH/);
  stranger.disconnect();
});
