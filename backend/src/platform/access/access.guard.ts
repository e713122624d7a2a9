import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type Permission, rolePermissions } from '@auscult/contracts';
import { ProblemError } from '../http/index.js';
import { PERMISSION, PUBLIC, userOf } from './access.decorators.js';
import type { AuthenticatedUser } from './access-token-verifier.js';

/** Name of the passport strategy that the auth module registers. */
export const ACCESS_TOKEN_STRATEGY = 'access-token';

/**
 * Guards every route and every socket event. Denies by default: what is neither `@Public` nor asks for a permission is refused
 * to everybody, so that a forgotten decorator shows as a 403 and never as a leak. A route's bearer token goes through passport;
 * a socket was authenticated at its handshake.
 */
@Injectable()
export class AccessGuard extends AuthGuard(ACCESS_TOKEN_STRATEGY) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    if (context.getType() === 'http') await super.canActivate(context);
    const user = userOf(context);
    if (!user) throw new ProblemError('sign-in-required');
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, targets);
    if (!permission || !rolePermissions[user.role].includes(permission)) throw new ProblemError('forbidden');
    return true;
  }

  /** Passport reports a token that is missing, forged or expired without an error; the strategy's own errors say more. */
  override handleRequest<T = AuthenticatedUser>(error: unknown, user: T | false): T {
    if (error instanceof Error) throw error;
    if (!user) throw new ProblemError('sign-in-required');
    return user;
  }
}
