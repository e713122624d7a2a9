import { describe, expect, it } from '@jest/globals';
import { derivedKey } from './derived-key.js';
import { ConfigError, loadConfig, loadDatabaseUrl } from './load-config.js';

const SECRET = 'a-secret-that-must-never-be-printed-0123456789';
const good: Record<string, string> = {
  DATABASE_URL: 'postgresql://user:hunter2@db:5432/auscult',
  REDIS_URL: 'redis://cache:6379',
  AUSCULT_DATA_DIR: '/var/lib/auscult',
  AUSCULT_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  AUSCULT_TOKEN_SECRET: SECRET,
};

function linesFor(changes: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig({ ...good, ...changes }, 'api');
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('has a default for everything that has a sensible one', () => {
    expect(loadConfig(good, 'api')).toMatchObject({
      host: '127.0.0.1', port: 3000, metricsPort: 9464, maxUploadBytes: 4 * 1024 ** 3, model: 'base', modelDir: '/var/lib/auscult/models',
      recognizer: 'moonshine', speechDevice: 'auto', accessTokenMinutes: 15, logLevel: 'info', trustedProxies: false, demoPassword: null, liveAbandonedHours: 12, liveReturnMinutes: 60, batchModel: 'base', secondPass: 'auto',
    });
    expect(loadConfig(good, 'worker').metricsPort).toBe(9465);
    expect(loadConfig(good, 'live').metricsPort).toBe(9466);
  });

  it('gives the live process a model of its own where one is named', () => {
    expect(loadConfig({ ...good, AUSCULT_MODEL: 'tiny' }, 'live').model).toBe('tiny');
    const both = { ...good, AUSCULT_MODEL: 'base', AUSCULT_LIVE_MODEL: 'tiny' };
    expect(loadConfig(both, 'live').model).toBe('tiny');
    expect(loadConfig(both, 'live').batchModel).toBe('base');
    expect(loadConfig(both, 'worker').model).toBe('base');
  });

  it('names each missing variable in a line of its own', () => {
    const nothing = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]));
    expect(linesFor(nothing).map((line) => line.split(' ')[0])).toEqual([
      'DATABASE_URL', 'REDIS_URL', 'AUSCULT_DATA_DIR', 'AUSCULT_MASTER_KEY', 'AUSCULT_TOKEN_SECRET',
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://user:hunter2@db/x'], ['REDIS_URL', 'cache:6379'], ['PORT', '70000'], ['PORT', 'hunter2'], ['METRICS_PORT', '-1'],
    ['AUSCULT_MASTER_KEY', 'hunter2'], ['AUSCULT_TOKEN_SECRET', 'hunter2'], ['AUSCULT_MODEL', 'hunter2'], ['AUSCULT_LIVE_MODEL', 'hunter2'], ['AUSCULT_LIVE_ABANDONED_HOURS', '0'], ['AUSCULT_SPEECH_DEVICE', 'hunter2'],
    ['AUSCULT_MAX_UPLOAD_BYTES', '0'], ['AUSCULT_SECOND_PASS', 'hunter2'],
    ['AUSCULT_SECURE_COOKIES', 'hunter2'], ['AUSCULT_REDIS_PREFIX', 'a b'], ['LOG_LEVEL', 'hunter2'], ['AUSCULT_DEMO_PASSWORD', 'hunter2'],
    ['AUSCULT_TRUSTED_PROXIES', 'hunter2 !'], ['AUSCULT_ACCESS_TOKEN_MINUTES', '1.5'],
  ])('refuses %s=%s in one line that does not repeat the value', (name, value) => {
    const lines = linesFor({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} [a-z].{10,}`));
    expect(lines.join()).not.toMatch(/hunter2|must-never/);
  });

  it('takes an empty variable as not given', () => {
    expect(loadConfig({ ...good, PORT: '', AUSCULT_MODEL: '' }, 'api')).toMatchObject({ port: 3000, model: 'base' });
    expect(linesFor({ DATABASE_URL: '' })).toHaveLength(1);
  });

  it('needs the address of the database for migrations, and nothing else', () => {
    expect(loadDatabaseUrl({ DATABASE_URL: good['DATABASE_URL'], REDIS_URL: '', AUSCULT_MASTER_KEY: 'hunter2' })).toBe(good['DATABASE_URL']);
    for (const wrong of [{}, { DATABASE_URL: 'mysql://user:hunter2@db/x' }]) {
      expect(() => loadDatabaseUrl(wrong)).toThrow(ConfigError);
      expect(() => loadDatabaseUrl(wrong)).toThrow(/^DATABASE_URL is (?!.*hunter2)/);
    }
  });

  it('keeps the metrics on the loopback wherever the portal answers, unless it is told otherwise', () => {
    expect(loadConfig({ ...good, HOST: '0.0.0.0' }, 'api').metricsHost).toBe('127.0.0.1');
    expect(loadConfig({ ...good, METRICS_HOST: '0.0.0.0' }, 'worker')).toMatchObject({ host: '127.0.0.1', metricsHost: '0.0.0.0' });
  });

  it('never lets the fake recognizer into production', () => {
    expect(linesFor({ AUSCULT_RECOGNIZER: 'fake', NODE_ENV: 'production' })).toHaveLength(1);
    expect(linesFor({ AUSCULT_RECOGNIZER: 'fake', NODE_ENV: 'test' })).toEqual([]);
  });

  it('wants cookies over TLS wherever the server can be reached from elsewhere', () => {
    expect(loadConfig(good, 'api').secureCookies).toBe(false);
    expect(loadConfig({ ...good, HOST: '0.0.0.0' }, 'api').secureCookies).toBe(true);
    expect(loadConfig({ ...good, HOST: '0.0.0.0', AUSCULT_SECURE_COOKIES: 'false' }, 'api').secureCookies).toBe(false);
  });
});

describe('a derived key', () => {
  it('is the same for the same purpose and unlike the others', () => {
    expect(derivedKey(SECRET, 'access-token')).toEqual(derivedKey(SECRET, 'access-token'));
    expect(derivedKey(SECRET, 'access-token')).not.toEqual(derivedKey(SECRET, 'audio-link'));
    expect(derivedKey(SECRET, 'access-token')).toHaveLength(32);
  });
});
