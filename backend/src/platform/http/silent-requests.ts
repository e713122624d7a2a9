import type { IncomingMessage, Server } from 'node:http';

/** A request that brings no byte for so long is dead or idle; a resumable upload goes on in another one. */
const SILENCE_MS = 60_000;

const hasBody = ({ headers }: IncomingMessage): boolean => Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

/**
 * Ends requests whose body stops coming, and lets those take as long as they need that move: Node ends every request that has not
 * arrived after five minutes (`server.requestTimeout`), and a long session over a slow line takes longer. Its limit for headers
 * (`headersTimeout`, a minute) stays. The answer may take as long as it likes.
 */
export function endSilentRequests(server: Server, silenceMs = SILENCE_MS): void {
  server.requestTimeout = 0;
  server.on('request', (request) => {
    if (!hasBody(request)) return;
    request.setTimeout(silenceMs, () => request.destroy());
    request.once('end', () => request.setTimeout(0));
  });
}
