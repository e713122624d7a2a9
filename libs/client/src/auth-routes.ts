import type { SessionView, SignInBody, UserView } from '@auscult/contracts';
import type { RequestOptions, Transport } from './transport.js';

/** Sign-in and the session. The refresh token is an httpOnly cookie: in Node, bring a fetch that keeps cookies. */
export class AuthRoutes {
  constructor(private readonly transport: Transport) {}

  signIn(body: SignInBody): Promise<SessionView> {
    return this.transport.json('SessionView', { method: 'POST', path: '/auth/sign-in', body, anonymous: true });
  }

  /** A new access token for the session in the cookie; problem `session-ended` when there is none. */
  refresh(): Promise<SessionView> {
    return this.transport.json('SessionView', { method: 'POST', path: '/auth/refresh', anonymous: true });
  }

  /** The signed-in person. */
  me(options?: RequestOptions): Promise<UserView> {
    return this.transport.json('UserView', { method: 'GET', path: '/auth/me', ...options });
  }

  /** Ends this session. */
  signOut(): Promise<void> {
    return this.transport.done({ method: 'POST', path: '/auth/sign-out', anonymous: true });
  }

  /** Ends every session of this person, on every device. */
  signOutEverywhere(): Promise<void> {
    return this.transport.done({ method: 'POST', path: '/auth/sign-out-everywhere' });
  }
}
