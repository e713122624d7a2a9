import { z } from 'zod';
import { Timestamp } from './common.js';
import { Email, UserView } from './users.js';

/** POST /api/auth/sign-in */
export const SignInBody = z.object({ email: Email, password: z.string().min(1).max(200) });
export type SignInBody = z.infer<typeof SignInBody>;

/**
 * Answer of sign-in and of POST /api/auth/refresh. The refresh token travels only in the httpOnly cookie
 * `auscult_refresh` (path /api/auth, SameSite=Strict).
 */
export const SessionView = z.object({
  accessToken: z.string().describe('JWT for the Authorization header and the socket handshake'),
  expiresAt: Timestamp,
  user: UserView,
});
export type SessionView = z.infer<typeof SessionView>;

/** Claims inside the access token. */
export const AccessClaims = z.object({
  sub: z.uuid(),
  role: z.enum(['admin', 'clinician']),
  practiceId: z.uuid(),
  sessionId: z.uuid(),
  iat: z.number(),
  exp: z.number(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;
