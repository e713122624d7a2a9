import Redis from 'ioredis';
import pg from 'pg';
import { Refusal } from './refusal.mjs';

/** Asked once before anything is started, so that a wrong address is one line and not a crash of two processes. */
export async function checkExternalDatabase(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // the query fails as well
  try {
    await client.connect();
    await client.query('select 1');
  } catch (failure) {
    throw new Refusal(`The database at DATABASE_URL does not answer: ${failure.code ?? failure.message}. Check address, user and password.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function checkExternalRedis(url) {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 5000, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let reason = null;
  client.on('error', (failure) => (reason = failure.code ?? failure.message));
  try {
    await client.connect();
    await client.ping();
  } catch (failure) {
    throw new Refusal(`The Redis at REDIS_URL does not answer: ${reason ?? failure.message}. Check address and password.`);
  } finally {
    client.disconnect();
  }
}
