import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { OwnRedis, eventually } from '../../../test/index.js';
import { SilentProxy } from '../../../test/live/silent-proxy.js';
import type { AppConfig } from '../config/index.js';
import { HealthRegistry } from '../observability/index.js';
import { RedisConnections } from './index.js';

let redis: OwnRedis;
let proxy: SilentProxy;
let health: HealthRegistry;
let connections: RedisConnections;

beforeEach(async () => {
  Logger.overrideLogger(false); // that the connection failed is what is tried here
  redis = await OwnRedis.start();
  proxy = await SilentProxy.to(redis.url);
  const url = new URL(redis.url);
  url.port = new URL(proxy.url).port;
  health = new HealthRegistry();
  connections = new RedisConnections({ redisUrl: url.href, redisPrefix: 'test' } as AppConfig, health);
});
afterEach(async () => {
  connections.onApplicationShutdown();
  proxy.close();
  await redis.kill();
});

/** What came into the stream, in short blocking reads as a live process makes them. */
const nextEntry = async (connection: Redis, from: string): Promise<string> => {
  for (;;) {
    const found = await connection.xread('BLOCK', 100, 'STREAMS', 'sound', from);
    const entry = found?.[0]?.[1][0];
    if (entry) return entry[0];
  }
};

describe('readiness', () => {
  it('waits for the connections that refuse commands until they are made', async () => {
    await connections.shared.ping();
    const refuses = connections.open({ enableOfflineQueue: false });
    expect(await health.readiness()).toEqual({ status: 'down', parts: { redis: 'down' } });
    await eventually(async () => (await health.readiness()).status === 'up');
    expect(await refuses.ping()).toBe('PONG');
  });
});

describe('a connection that dies without a word', () => {
  it('is opened anew by who waits for an answer on it', async () => {
    const [writes, reads] = [connections.open(), connections.open()];
    await writes.xadd('sound', '1-0', 'a', 'first');
    expect(await nextEntry(reads, '0-0')).toBe('1-0');
    const waits = nextEntry(reads, '1-0');
    proxy.lose();
    const fresh = connections.open();
    await fresh.xadd('sound', '2-0', 'a', 'second');
    expect(await waits).toBe('2-0');
  }, 60_000);
});
