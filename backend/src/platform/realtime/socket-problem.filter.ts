import { type ArgumentsHost, Catch, Logger, type WsExceptionFilter } from '@nestjs/common';
import type { Ack } from '@auscult/contracts';
import { isServerFault, toProblem } from '../http/index.js';

/** Answers an event that went wrong through its acknowledgement, so that the caller never waits for one that does not come. */
@Catch()
export class SocketProblemFilter implements WsExceptionFilter {
  private readonly logger = new Logger('SocketProblemFilter');

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = toProblem(error);
    if (isServerFault(problem)) this.logger.error({ err: error, event: host.switchToWs().getPattern() }, 'A socket event failed');
    acknowledge(host.getArgs(), { ok: false, problem: problem.toProblem() });
  }
}

/** The acknowledgement is the function among the arguments, if the caller asked for one. */
export function acknowledge(args: readonly unknown[], answer: Ack): void {
  const ack = args.find((argument): argument is (answer: Ack) => void => typeof argument === 'function');
  ack?.(answer);
}
