import { problems, type ProblemCode } from '@auscult/contracts';

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  token: string | null;
}
type Handler = (request: FakeRequest) => Response | Promise<Response>;

/** Stands in for the network: answers by `METHOD /api/path`, remembers what was asked. Unknown addresses fail the test. */
export class FakeServer {
  readonly requests: FakeRequest[] = [];
  private readonly handlers = new Map<string, Handler>();
  private readonly real = globalThis.fetch;

  constructor() {
    globalThis.fetch = (input, init) => this.answer(new URL(input as string, 'http://server.example'), init ?? {});
  }

  on(route: string, handler: Handler): this {
    this.handlers.set(route, handler);
    return this;
  }

  /** How often an address was asked. */
  count(route: string): number {
    return this.requests.filter((request) => `${request.method} ${request.path}` === route).length;
  }

  restore(): void {
    globalThis.fetch = this.real;
  }

  private async answer(url: URL, init: RequestInit): Promise<Response> {
    const route = `${init.method ?? 'GET'} ${url.pathname}`;
    const handler = this.handlers.get(route);
    if (!handler) throw new Error(`Nobody answers ${route}`);
    const token = new Headers(init.headers).get('authorization');
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    const request = { method: init.method ?? 'GET', path: url.pathname, query: url.searchParams, body, token };
    this.requests.push(request);
    const answer = await handler(request);
    if (init.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    return answer;
  }
}

/** jsdom has no Response; this is as much of one as a client reads. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const answer = { ok: status < 300, status, headers: new Headers(headers), body: null, json: async () => JSON.parse(JSON.stringify(body)) as unknown };
  return answer as unknown as Response;
}

export function problem(code: ProblemCode, more: { detail?: string; issues?: { path: string; message: string }[]; retryAfter?: number } = {}): Response {
  const { retryAfter, ...rest } = more;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return json({ type: `/problems/${code}`, code, ...problems[code], ...rest }, problems[code].status, headers as Record<string, string>);
}

/** Lets everything that has been started come to rest. */
export async function settle(rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setTimeout(resolve));
}
