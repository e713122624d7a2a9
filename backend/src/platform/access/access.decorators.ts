import { type ExecutionContext, SetMetadata, applyDecorators, createParamDecorator } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '@auscult/contracts';
import type { Request } from 'express';
import type { Socket } from 'socket.io';
import { PUBLIC_OPERATION } from '../http/index.js';
import type { AuthenticatedUser } from './access-token-verifier.js';

export const PUBLIC = 'auscult:public';
export const PERMISSION = 'auscult:permission';

/** Opens a route to everybody, signed in or not. */
export const Public = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_OPERATION, true));

/** Opens a route or a socket event to signed-in people whose role holds this permission. */
export const RequirePermission = (permission: Permission): MethodDecorator & ClassDecorator => SetMetadata(PERMISSION, permission);

/** The signed-in person, in a handler that is not `@Public`: `@CurrentUser() user: AuthenticatedUser`. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): AuthenticatedUser => {
  const user = userOf(context);
  if (!user) throw new Error('@CurrentUser is used on a public route');
  return user;
});

export function userOf(context: ExecutionContext): AuthenticatedUser | undefined {
  if (context.getType() === 'ws') {
    const data = context.switchToWs().getClient<Socket>().data as { user?: AuthenticatedUser };
    return data.user;
  }
  return context.switchToHttp().getRequest<Request & { user?: AuthenticatedUser }>().user;
}
