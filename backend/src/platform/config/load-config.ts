import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AppConfig, ProcessRole } from './app-config.js';

/** The configuration cannot be used. `lines` holds one sentence for each wrong variable and never a value. */
export class ConfigError extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const GIB = 1024 ** 3;
const METRICS_PORTS: Record<ProcessRole, number> = { api: 9464, worker: 9465, live: 9466, seed: 9464 };

const url = (scheme: RegExp, example: string) =>
  z.string({ error: `is missing; give an address such as ${example}` }).refine((text) => scheme.test(text) && URL.canParse(text), {
    message: `is not an address such as ${example}`,
  });

const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: message }).int(message).min(min, message).max(max, message);
};
const whole = (min: number, max: number, fallback: number) => wholeNumber(min, max).default(fallback);

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');

const choice = <const T extends readonly [string, ...string[]]>(options: T, fallback: T[number]) =>
  z.enum(options, { error: `must be one of ${options.join(', ')}` }).prefault(fallback);

const masterKey = z
  .string({ error: 'is missing; give 32 random bytes in base64, for example from: openssl rand -base64 32' })
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, { message: 'must be 32 bytes in base64, for example from: openssl rand -base64 32' });

const tokenSecret = z
  .string({ error: 'is missing; give at least 32 random characters, for example from: openssl rand -base64 48' })
  .min(32, 'must have at least 32 characters, for example from: openssl rand -base64 48');

/** Express counts proxies by number, or trusts listed networks (`loopback`, addresses, CIDR), separated by commas. */
const trustedProxies = z
  .string()
  .regex(/^(\d+|[\w.:/]+(\s*,\s*[\w.:/]+)*)$/, 'must be the number of proxies or a list of networks, for example loopback')
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : text));

const Variables = z.object({
  NODE_ENV: z.string().default('development'),
  DATABASE_URL: url(/^postgres(ql)?:\/\//, 'postgresql://user@host:5432/auscult'),
  REDIS_URL: url(/^rediss?:\/\//, 'redis://host:6379'),
  AUSCULT_REDIS_PREFIX: z.string().regex(/^[\w-]{1,40}$/, 'must be 1 to 40 letters, digits, _ or -').default('auscult'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535, 3000),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  AUSCULT_DATA_DIR: z.string({ error: 'is missing; give the folder that holds audio and models' }).min(1, 'must name a folder'),
  AUSCULT_MASTER_KEY: masterKey,
  AUSCULT_TOKEN_SECRET: tokenSecret,
  AUSCULT_ACCESS_TOKEN_MINUTES: whole(1, 60, 15),
  AUSCULT_REFRESH_TOKEN_DAYS: whole(1, 365, 30),
  AUSCULT_MAX_UPLOAD_BYTES: whole(1, 1024 * GIB, 4 * GIB),
  AUSCULT_AUDIO_LINK_MINUTES: whole(1, 60, 5),
  AUSCULT_MODEL: choice(['base', 'tiny'], 'base'),
  AUSCULT_LIVE_MODEL: z.enum(['base', 'tiny'], { error: 'must be one of base, tiny' }).optional(),
  AUSCULT_SECOND_PASS: choice(['auto', 'off'], 'auto'),
  AUSCULT_LIVE_ABANDONED_HOURS: whole(1, 168, 12),
  AUSCULT_LIVE_RETURN_MINUTES: whole(0, 1440, 60),
  AUSCULT_MODEL_DIR: z.string().min(1).optional(),
  AUSCULT_RECOGNIZER: choice(['moonshine', 'fake'], 'moonshine'),
  AUSCULT_SPEECH_DEVICE: choice(['auto', 'cpu', 'cuda'], 'auto'),
  AUSCULT_PORTAL_DIR: z.string().min(1).optional(),
  AUSCULT_SECURE_COOKIES: flag.optional(),
  AUSCULT_TRUSTED_PROXIES: trustedProxies.optional(),
  AUSCULT_SIGN_IN_WINDOW_MINUTES: whole(1, 1440, 15),
  AUSCULT_SIGN_IN_ATTEMPTS: whole(1, 1_000_000, 10),
  AUSCULT_SIGN_IN_ATTEMPTS_PER_ADDRESS: whole(1, 1_000_000, 100),
  AUSCULT_DEMO_PASSWORD: z.string().min(12, 'must have at least 12 characters').max(200, 'must have at most 200 characters').optional(),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
});
type Variables = z.output<typeof Variables>;

/** An empty variable counts as not given, as docker compose passes it. */
const given = (env: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/**
 * The address of the database, which is all that migrations need: whoever runs them needs no key.
 * @throws ConfigError when it is missing or wrong
 */
export function loadDatabaseUrl(env: NodeJS.ProcessEnv): string {
  const result = Variables.pick({ DATABASE_URL: true }).safeParse(given(env));
  if (!result.success) throw new ConfigError(wrongVariables(result.error));
  return result.data.DATABASE_URL;
}

/**
 * Reads the environment.
 * @throws ConfigError with one line for each wrong variable
 */
export function loadConfig(env: NodeJS.ProcessEnv, role: ProcessRole): AppConfig {
  const result = Variables.safeParse(given(env));
  const lines = result.success ? refuseUnsafe(result.data) : wrongVariables(result.error);
  if (!result.success || lines.length > 0) throw new ConfigError(lines);
  return toConfig(result.data, role);
}

function wrongVariables(error: z.ZodError): string[] {
  const byVariable = new Map(error.issues.map((issue) => [String(issue.path[0]), issue.message]));
  return [...byVariable].map(([variable, message]) => `${variable} ${message}`);
}

function refuseUnsafe(variables: Variables): string[] {
  if (variables.NODE_ENV === 'production' && variables.AUSCULT_RECOGNIZER === 'fake') {
    return ['AUSCULT_RECOGNIZER must not be fake when NODE_ENV is production'];
  }
  return [];
}

function toConfig(variables: Variables, role: ProcessRole): AppConfig {
  const dataDir = absolute(variables.AUSCULT_DATA_DIR);
  return {
    role,
    production: variables.NODE_ENV === 'production',
    host: variables.HOST,
    port: variables.PORT,
    metricsHost: variables.METRICS_HOST,
    metricsPort: variables.METRICS_PORT ?? METRICS_PORTS[role],
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    redisPrefix: variables.AUSCULT_REDIS_PREFIX,
    dataDir,
    masterKey: variables.AUSCULT_MASTER_KEY,
    tokenSecret: variables.AUSCULT_TOKEN_SECRET,
    accessTokenMinutes: variables.AUSCULT_ACCESS_TOKEN_MINUTES,
    refreshTokenDays: variables.AUSCULT_REFRESH_TOKEN_DAYS,
    maxUploadBytes: variables.AUSCULT_MAX_UPLOAD_BYTES,
    audioLinkMinutes: variables.AUSCULT_AUDIO_LINK_MINUTES,
    model: (role === 'live' ? variables.AUSCULT_LIVE_MODEL : undefined) ?? variables.AUSCULT_MODEL,
    batchModel: variables.AUSCULT_MODEL,
    secondPass: variables.AUSCULT_SECOND_PASS,
    modelDir: variables.AUSCULT_MODEL_DIR ? absolute(variables.AUSCULT_MODEL_DIR) : join(dataDir, 'models'),
    recognizer: variables.AUSCULT_RECOGNIZER,
    speechDevice: variables.AUSCULT_SPEECH_DEVICE,
    liveAbandonedHours: variables.AUSCULT_LIVE_ABANDONED_HOURS,
    liveReturnMinutes: variables.AUSCULT_LIVE_RETURN_MINUTES,
    portalDir: findPortal(variables.AUSCULT_PORTAL_DIR),
    logLevel: variables.LOG_LEVEL,
    // A page opened at http://127.0.0.1 cannot keep a Secure cookie in every browser; anywhere else TLS is expected.
    secureCookies: variables.AUSCULT_SECURE_COOKIES ?? !LOOPBACK.has(variables.HOST),
    trustedProxies: variables.AUSCULT_TRUSTED_PROXIES ?? false,
    signInLimits: {
      windowMinutes: variables.AUSCULT_SIGN_IN_WINDOW_MINUTES,
      perAccount: variables.AUSCULT_SIGN_IN_ATTEMPTS,
      perAddress: variables.AUSCULT_SIGN_IN_ATTEMPTS_PER_ADDRESS,
    },
    demoPassword: variables.AUSCULT_DEMO_PASSWORD ?? null,
  };
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}

function findPortal(given: string | undefined): string | null {
  const folder = given ? absolute(given) : join(REPOSITORY, 'frontend/dist/portal/browser');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}
