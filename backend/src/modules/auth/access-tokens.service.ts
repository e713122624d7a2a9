import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AccessClaims } from '@auscult/contracts';
import { AccessTokenVerifier, type AuthenticatedUser } from '../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { ProblemError } from '../../platform/http/index.js';
import type { User } from '../users/index.js';
import { Sessions } from './sessions.service.js';
import type { UserSession } from './user-session.entity.js';

/** Issues and checks access tokens: short JWTs (HS256) that name a session, which must still be open. */
@Injectable()
export class AccessTokens extends AccessTokenVerifier {
  constructor(
    private readonly jwt: JwtService,
    private readonly sessions: Sessions,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    super();
  }

  issue(user: User, session: UserSession): { accessToken: string; expiresAt: Date } {
    const seconds = this.config.accessTokenMinutes * 60;
    const issuedAt = Math.floor(Date.now() / 1000);
    const claims: AccessClaims = {
      sub: user.id, role: user.role, practiceId: user.practice.id, sessionId: session.id, iat: issuedAt, exp: issuedAt + seconds,
    };
    return { accessToken: this.jwt.sign(claims), expiresAt: new Date(claims.exp * 1000) };
  }

  async verify(token: string): Promise<AuthenticatedUser & { expiresAt: Date }> {
    const claims = await this.jwt.verifyAsync<object>(token).catch(() => null);
    if (!claims) throw new ProblemError('sign-in-required');
    return this.confirm(claims);
  }

  openSessions(sessionIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.sessions.stillOpen(sessionIds);
  }

  /** The person behind claims whose signature has been checked. The role is the one of now, not the one of when it was signed. */
  async confirm(claims: object): Promise<AuthenticatedUser & { expiresAt: Date }> {
    const parsed = AccessClaims.safeParse(claims);
    if (!parsed.success) throw new ProblemError('sign-in-required');
    const { sub, sessionId, exp } = parsed.data;
    const user = await this.sessions.findPerson(sessionId, sub);
    if (!user) throw new ProblemError('session-ended');
    return { id: user.id, role: user.role, practiceId: user.practice.id, sessionId, expiresAt: new Date(exp * 1000) };
  }
}
