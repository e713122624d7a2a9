import type { Role } from '@auscult/contracts';

/** Who is asking, as the access guard and the socket handshake found out. */
export interface AuthenticatedUser {
  id: string;
  role: Role;
  practiceId: string;
  sessionId: string;
}

/** Port: tells whose access token this is. The auth module implements it; the guard and the sockets use it. */
export abstract class AccessTokenVerifier {
  /**
   * @throws ProblemError `sign-in-required` for a token that is missing, damaged, forged or expired, `session-ended` for one
   * whose session has been revoked
   */
  abstract verify(token: string): Promise<AuthenticatedUser & { expiresAt: Date }>;

  /** Which of these sessions are not over. */
  abstract openSessions(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}
