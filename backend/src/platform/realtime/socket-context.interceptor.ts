import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Observable, defer, lastValueFrom, map } from 'rxjs';
import { DatabaseWork } from '../database/index.js';

const WITHOUT_DATABASE = 'socket-context:without-database';

/** The event comes so often that it must not cost an entity manager: its handler takes one from `DatabaseWork` where it needs the database. */
export const WithoutDatabase = (): MethodDecorator => SetMetadata(WITHOUT_DATABASE, true);

/** Runs each socket event in an entity manager of its own and acknowledges it when the handler answers nothing itself. */
@Injectable()
export class SocketContext implements NestInterceptor {
  constructor(
    private readonly work: DatabaseWork,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (this.reflector.get(WITHOUT_DATABASE, context.getHandler())) return next.handle();
    const handled = defer(() => this.work.run(() => lastValueFrom(next.handle(), { defaultValue: undefined })));
    return handled.pipe(map((answer) => answer ?? { ok: true }));
  }
}
