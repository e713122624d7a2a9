import { UseFilters, UseInterceptors, applyDecorators } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { SocketContext } from './socket-context.interceptor.js';
import { SocketProblemFilter } from './socket-problem.filter.js';

/**
 * A Socket.IO gateway on the namespace `/`. Each handler names its permission and its contract and may answer nothing, which
 * acknowledges `{ ok: true }`; what it throws is acknowledged as a problem.
 * @example
 * `@RequirePermission('recordings:read') @SubscribeMessage('transcript:watch')`
 * `watch(@MessageBody({ schema: clientEvents['transcript:watch'] }) body, @ConnectedSocket() socket: Socket, @CurrentUser() user)`
 */
export function LiveGateway(): ClassDecorator {
  return applyDecorators(WebSocketGateway(), UseFilters(SocketProblemFilter), UseInterceptors(SocketContext));
}
