import type { AccessTokenSource } from './access-token.js';
import { lightCheck, type AnswerCheck } from './answers.js';
import { AuthRoutes } from './auth-routes.js';
import { LiveRoutes } from './live-routes.js';
import { RecordingsRoutes } from './recordings-routes.js';
import { TranscriptsRoutes } from './transcripts-routes.js';
import { Transport } from './transport.js';
import { UsersRoutes } from './users-routes.js';

export interface AuscultClientOptions {
  /** Origin of the server, such as `https://auscult.example`; default: the page's own origin. */
  baseUrl?: string;
  accessToken?: AccessTokenSource;
  fetch?: typeof fetch;
  /** Default: a light check. `contractCheck` of `@auscult/client/validation` parses every answer completely. */
  check?: AnswerCheck;
}

/**
 * Auscult's REST API, typed, for browsers and Node.
 *
 * Throws `ProblemError` (with the server's stable `code`), `UnreachableError` or `UnexpectedAnswerError`.
 */
export class AuscultClient {
  readonly auth: AuthRoutes;
  readonly users: UsersRoutes;
  readonly recordings: RecordingsRoutes;
  readonly transcripts: TranscriptsRoutes;
  readonly live: LiveRoutes;
  /** Address for a tus client; it sends the same bearer token. */
  readonly uploadsEndpoint: string;

  constructor(options: AuscultClientOptions = {}) {
    const transport = new Transport({
      baseUrl: (options.baseUrl ?? '').replace(/\/+$/, ''),
      accessToken: options.accessToken ?? { current: () => null, refresh: () => Promise.resolve(null) },
      // Bound late and called without a receiver: `window.fetch` as somebody's method throws "Illegal invocation".
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      check: options.check ?? lightCheck,
    });
    this.auth = new AuthRoutes(transport);
    this.users = new UsersRoutes(transport);
    this.recordings = new RecordingsRoutes(transport);
    this.transcripts = new TranscriptsRoutes(transport);
    this.live = new LiveRoutes(transport);
    this.uploadsEndpoint = transport.url('/api/uploads');
  }
}
