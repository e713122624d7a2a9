import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, defer, lastValueFrom, map } from 'rxjs';
import { DatabaseWork } from '../database/index.js';

/** Runs each socket event in an entity manager of its own and acknowledges it when the handler answers nothing itself. */
@Injectable()
export class SocketContext implements NestInterceptor {
  constructor(private readonly work: DatabaseWork) {}

  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const handled = defer(() => this.work.run(() => lastValueFrom(next.handle(), { defaultValue: undefined })));
    return handled.pipe(map((answer) => answer ?? { ok: true }));
  }
}
