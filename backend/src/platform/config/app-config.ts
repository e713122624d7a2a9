/** Which main is running; each process gets the same configuration but serves a different part. */
export type ProcessRole = 'api' | 'worker' | 'live' | 'seed';

/** Everything that an operator can set, checked and with defaults filled in. Read from the environment once, by `loadConfig`. */
export interface AppConfig {
  role: ProcessRole;
  production: boolean;
  host: string;
  port: number;
  /** Where the operator's port listens: it asks nobody who they are, so not where the portal does. */
  metricsHost: string;
  /** Prometheus and health for the operator; 0 takes any free port. */
  metricsPort: number;
  databaseUrl: string;
  redisUrl: string;
  /** First part of every Redis key and channel, so that several installations can share one Redis. */
  redisPrefix: string;
  dataDir: string;
  /** 32 bytes; wraps the data keys of the stored audio. */
  masterKey: Buffer;
  /** At least 32 characters; the keys that sign tokens and links are derived from it, one for each purpose. */
  tokenSecret: string;
  accessTokenMinutes: number;
  refreshTokenDays: number;
  maxUploadBytes: number;
  audioLinkMinutes: number;
  /** The speech model of this process: the live process may have a smaller one than the worker. */
  model: 'base' | 'tiny';
  /** The worker's, which hears uploads, and hears live sessions again. */
  batchModel: 'base' | 'tiny';
  /** `auto`: a live session that a less exact model than the worker's has heard is heard once more by the worker. */
  secondPass: 'auto' | 'off';
  modelDir: string;
  recognizer: 'moonshine' | 'fake';
  /** Where the model runs; `auto` takes an NVIDIA GPU where there is one. */
  speechDevice: 'auto' | 'cpu' | 'cuda';
  /** A live session whose sender is silent for so long is finished with what was received. */
  liveAbandonedHours: number;
  /** A sender that was away while the system was, has at least so long to come back. */
  liveReturnMinutes: number;
  /** Folder of the built portal that the api serves, or null for none. */
  portalDir: string | null;
  logLevel: string;
  secureCookies: boolean;
  /** What express calls `trust proxy`: which reverse proxies may name the caller's address. */
  trustedProxies: string | number | false;
  signInLimits: SignInLimits;
  /** Password for everybody in the demo practice; null generates one for each. */
  demoPassword: string | null;
}

/** How often somebody may try to sign in within `windowMinutes`. */
export interface SignInLimits {
  windowMinutes: number;
  /** For one email address from one network address. */
  perAccount: number;
  /** From one network address, whatever the email addresses. */
  perAddress: number;
}

/** Injection token: `constructor(@Inject(APP_CONFIG) private readonly config: AppConfig)`. */
export const APP_CONFIG = Symbol('APP_CONFIG');
