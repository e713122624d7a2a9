import type { AccessClaims, SessionView } from '@auscult/contracts';

/**
 * How long the session's token lives, in ms: from its own claims, because `expiresAt` compared with a wrong local clock
 * would renew on every request, or never.
 */
export function lifetimeMs(session: SessionView): number {
  const claims = claimsOf(session.accessToken);
  if (claims?.exp !== undefined && claims.iat !== undefined) return (claims.exp - claims.iat) * 1000;
  return Math.max(0, Date.parse(session.expiresAt) - Date.now());
}

function claimsOf(token: string): Partial<AccessClaims> | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Partial<AccessClaims>;
  } catch {
    // Not a JWT: the caller has the stated end.
    return null;
  }
}
