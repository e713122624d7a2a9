import { sharedRefresh, type AccessTokenSource } from './access-token.js';
import type { AnswerCheck, AnswerName, Answers } from './answers.js';
import { UnexpectedAnswerError, UnreachableError, problemOf } from './errors.js';

export interface RequestOptions {
  signal?: AbortSignal;
}

export interface Call extends RequestOptions {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below /api, with a leading slash. */
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON; FormData goes as multipart. */
  body?: object;
  /** Sign-in and refresh carry no access token and do not ask for another one. */
  anonymous?: boolean;
}

export interface TransportOptions {
  /** Origin of the server, such as `https://auscult.example`; empty for the page's own origin. */
  baseUrl: string;
  accessToken: AccessTokenSource;
  fetch: typeof fetch;
  check: AnswerCheck;
}

/** Sends requests: token, one renewed attempt when the token was refused, problems as errors, answers checked. */
export class Transport {
  readonly #accessToken: AccessTokenSource;

  constructor(private readonly options: TransportOptions) {
    this.#accessToken = sharedRefresh(options.accessToken);
  }

  /** Absolute address of a path on the server; an absolute one stays as it is. */
  url(path: string): string {
    return /^[a-z]+:\/\//i.test(path) ? path : this.options.baseUrl + path;
  }

  async json<N extends AnswerName>(name: N, call: Call): Promise<Answers[N]> {
    const response = await this.send(call);
    const body: unknown = await response.json().catch((cause: unknown) => {
      throw new UnexpectedAnswerError(name, { cause });
    });
    return this.options.check(name, body);
  }

  /** For routes that answer 204 or whose answer does not matter. */
  async done(call: Call): Promise<void> {
    const response = await this.send(call);
    await response.body?.cancel();
  }

  async send(call: Call): Promise<Response> {
    const token = call.anonymous ? null : await this.#accessToken.current();
    const response = await this.#attempt(call, token);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.status !== 401 || call.anonymous) throw problem;
    const renewed = await this.#renewedSince(token);
    if (renewed === null) throw problem;
    const second = await this.#attempt(call, renewed);
    if (second.ok) return second;
    throw await problemOf(second);
  }

  /** Another request may have renewed the token while this one was under way: then that one serves. */
  async #renewedSince(refused: string | null): Promise<string | null> {
    const current = await this.#accessToken.current();
    if (current !== null && current !== refused) return current;
    return this.#accessToken.refresh();
  }

  async #attempt(call: Call, token: string | null): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json' });
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const multipart = call.body instanceof FormData;
    if (call.body && !multipart) headers.set('Content-Type', 'application/json');
    const send = this.options.fetch;
    try {
      return await send(this.url(`/api${call.path}${queryOf(call.query)}`), {
        method: call.method,
        headers,
        body: multipart ? (call.body as FormData) : call.body && JSON.stringify(call.body),
        credentials: 'same-origin',
        signal: call.signal ?? null,
      });
    } catch (cause) {
      if (call.signal?.aborted) throw cause;
      throw new UnreachableError({ cause });
    }
  }
}

function queryOf(query: Call['query']): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

