import { resolve } from 'node:path';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';

function wholeNumber(env, name, fallback) {
  const text = env[name]?.trim();
  if (!text) return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Refusal(`${name}=${text} is not a port: give a number from 0 to 65535 (0 takes any free one).`);
  return number;
}

function oneOf(env, name, allowed, fallback) {
  const text = env[name]?.trim() || fallback;
  if (!allowed.includes(text)) throw new Refusal(`${name}=${text} is not known: give ${allowed.join(', ')}.`);
  return text;
}

function address(env, name, protocols) {
  const text = env[name]?.trim();
  if (!text) return null;
  // The value holds a password: it is never shown.
  if (!protocols.includes(URL.parse(text)?.protocol)) throw new Refusal(`${name} is not an address that starts with ${protocols.join('// or ')}//.`);
  return text;
}

/** What the launcher itself reads; everything else in the environment goes through to the processes, which check it. */
export function readSettings(env) {
  const model = oneOf(env, 'AUSCULT_MODEL', ['base', 'tiny'], 'base');
  return {
    port: wholeNumber(env, 'PORT', 3000),
    host: env.HOST?.trim() || '127.0.0.1',
    metricsHost: env.METRICS_HOST?.trim() || '127.0.0.1',
    dataDir: resolve(root, env.AUSCULT_DATA_DIR?.trim() || '.auscult'),
    databaseUrl: address(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: address(env, 'REDIS_URL', ['redis:', 'rediss:']),
    redis: oneOf(env, 'AUSCULT_REDIS', ['auto', 'system', 'wasm'], 'auto'),
    model,
    liveModel: oneOf(env, 'AUSCULT_LIVE_MODEL', ['base', 'tiny'], model),
    modelDir: env.AUSCULT_MODEL_DIR?.trim() ? resolve(root, env.AUSCULT_MODEL_DIR.trim()) : null,
    fakeRecognizer: env.AUSCULT_RECOGNIZER === 'fake',
    demoPassword: env.AUSCULT_DEMO_PASSWORD || null,
    example: oneOf(env, 'AUSCULT_EXAMPLE', ['yes', 'no'], 'yes') === 'yes',
  };
}
