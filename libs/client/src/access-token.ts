/**
 * Where the client gets its access token. `current` is asked before every request and every socket handshake; `refresh`
 * after the server refused the token, and answers the new one, or null when the person has to sign in again.
 */
export interface AccessTokenSource {
  current(): string | null | Promise<string | null>;
  refresh(): Promise<string | null>;
}

/**
 * A token that cannot be renewed: short scripts and tests. It is good for minutes, and a connection ends with it: whoever sends a live session for longer needs a source
 * whose `refresh` signs in again.
 */
export function fixedAccessToken(token: string): AccessTokenSource {
  return { current: () => token, refresh: () => Promise.resolve(null) };
}

const shared = new WeakMap<AccessTokenSource, AccessTokenSource>();

/**
 * Lets callers that fail at the same moment share one refresh, also between the REST client and the sockets. Refresh tokens
 * rotate: two refreshes side by side would look like a stolen token and end the session.
 */
export function sharedRefresh(source: AccessTokenSource): AccessTokenSource {
  const known = shared.get(source);
  if (known) return known;
  let running: Promise<string | null> | null = null;
  const wrapped: AccessTokenSource = {
    current: () => source.current(),
    refresh: () => {
      running ??= source.refresh().finally(() => {
        running = null;
      });
      return running;
    },
  };
  shared.set(source, wrapped);
  return wrapped;
}
