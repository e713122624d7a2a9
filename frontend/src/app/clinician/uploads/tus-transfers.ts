import { Injectable, inject } from '@angular/core';
import { ProblemError, UnreachableError } from '@auscult/client';
import type { Problem } from '@auscult/contracts';
import type { DetailedError, HttpRequest, UploadOptions } from 'tus-js-client';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Session } from '../../core/session';
import { Transfers, type Transfer, type TransferEvents, type TransferRequest } from './transfers';

/** One request carries this much: the token is checked when a request begins, so a long upload needs many. */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** Pauses between attempts, in ms; the count starts anew with every byte that gets through. About ten minutes in all. */
const RETRY_DELAYS = [0, 1000, 2000, 4000, 8000, 15_000, ...Array<number>(19).fill(30_000)];

/** The tus protocol, by tus-js-client, which is loaded with the first upload. */
@Injectable()
export class TusTransfers extends Transfers {
  private readonly client = inject(AUSCULT_CLIENT);
  private readonly session = inject(Session);
  /** A renewal that the next request has to wait for. */
  private renewal: Promise<unknown> = Promise.resolve();

  override async begin({ file, name, type, url, events }: TransferRequest): Promise<Transfer> {
    const { Upload } = await import('tus-js-client');
    const upload = new Upload(file, {
      ...this.authorized(),
      // With an address there must be none: whatever that answers but 423 (Locked), tus-js-client would send the whole file again, elsewhere.
      endpoint: url === null ? this.client.uploadsEndpoint : null,
      uploadUrl: url,
      metadata: { filename: name.slice(0, 1000), filetype: type },
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS,
      // The shelf remembers uploads; tus-js-client's own memory would put file names into localStorage.
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => {
        if (upload.url === null) return;
        upload.options.endpoint = null;
        events.created(upload.url);
      },
      onProgress: (sent) => events.progress(sent),
      onSuccess: () => events.done(lastPart(upload.url ?? '')),
      onError: (error) => (isGone(error) ? events.gone() : events.failed(failureOf(error))),
      onShouldRetry: (error) => this.shouldRetry(error, events),
    });
    upload.start();
    return { pause: () => upload.abort(), discard: () => upload.abort(true).catch(forgive) };
  }

  override async discard(url: string): Promise<void> {
    const { Upload } = await import('tus-js-client');
    await Upload.terminate(url, { ...this.authorized(), retryDelays: [0, 1000] }).catch(forgive);
  }

  /** A current token for each request: a long upload outlives many of them. */
  private authorized(): UploadOptions {
    return {
      onBeforeRequest: async (request: HttpRequest) => {
        await this.renewal;
        const token = await this.session.current();
        if (token !== null) request.setHeader('Authorization', `Bearer ${token}`);
      },
    };
  }

  private shouldRetry(error: DetailedError, events: TransferEvents): boolean {
    const status = statusOf(error);
    if (status === 401) {
      // Refused although it looked fresh, as after a restart of the server with other keys: the next request waits for a new one.
      this.renewal = this.session.refresh().catch(() => null);
      return this.session.user() !== null;
    }
    const again = status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507);
    if (again) events.interrupted();
    return again;
  }
}

function failureOf(error: Error | DetailedError): unknown {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  // An answer to the question how far it is has no body that says why; whatever it was, asking again later may help.
  if (!response || isQuestion(error)) return new UnreachableError({ cause: error });
  return problemFrom(response.getBody()) ?? error;
}

/** The server's own answer to the question how far it is; a proxy before a server that is away says 404 too, in another type. */
function isGone(error: Error | DetailedError): boolean {
  if (!isQuestion(error) || statusOf(error) !== 404) return false;
  return error.originalResponse?.getHeader('Content-Type')?.startsWith('application/problem+json') ?? false;
}

function isQuestion(error: Error | DetailedError): error is DetailedError {
  return 'originalRequest' in error && error.originalRequest.getMethod() === 'HEAD';
}

function problemFrom(body: string): ProblemError | null {
  try {
    const problem = JSON.parse(body) as Partial<Problem> | null;
    return problem?.code !== undefined && problem.title !== undefined ? new ProblemError(problem as Problem) : null;
  } catch {
    // Not a problem document: a proxy's page.
    return null;
  }
}

function statusOf(error: DetailedError): number {
  return error.originalResponse?.getStatus() ?? 0;
}

function lastPart(url: string): string {
  return url.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
}

/** What cannot be removed now expires on the server by itself. */
function forgive(): void {
  return undefined;
}
