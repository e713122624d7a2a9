import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Permission, rolePermissions } from '@auscult/contracts';
import type { Request } from 'express';
import { ProblemError } from '../http/problem-error.js';
import { PERMISSION, PUBLIC, userOf } from './access.decorators.js';
import { AccessTokenVerifier, type AuthenticatedUser } from './access-token-verifier.js';

/**
 * Guards every route and every socket event. Denies by default: what is neither `@Public` nor asks for a permission is refused
 * to everybody, so that a forgotten decorator shows as a 403 and never as a leak.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: AccessTokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const user = await this.authenticate(context);
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, targets);
    if (!permission || !rolePermissions[user.role].includes(permission)) throw new ProblemError('forbidden');
    return true;
  }

  private async authenticate(context: ExecutionContext): Promise<AuthenticatedUser> {
    if (context.getType() === 'http') {
      const request = context.switchToHttp().getRequest<Request & { user?: AuthenticatedUser }>();
      request.user = await this.verifier.verify(bearerToken(request));
    }
    const user = userOf(context);
    if (!user) throw new ProblemError('sign-in-required');
    return user;
  }
}

function bearerToken(request: Request): string {
  const match = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '');
  if (!match?.[1]) throw new ProblemError('sign-in-required');
  return match[1];
}
