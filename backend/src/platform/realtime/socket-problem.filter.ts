import { type ArgumentsHost, Catch, Logger, type WsExceptionFilter } from '@nestjs/common';
import type { Ack } from '@auscult/contracts';
import { isServerFault, toProblem } from '../http/index.js';

const logger = new Logger('SocketEvents');

/** Answers an event that went wrong through its acknowledgement, so that the caller never waits for one that does not come. */
@Catch()
export class SocketProblemFilter implements WsExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    refuse(host.switchToWs().getPattern(), error, host.getArgs());
  }
}

/** @param args of the event */
export function refuse(event: string, error: unknown, args: readonly unknown[]): void {
  const problem = toProblem(error);
  if (isServerFault(problem)) logger.error({ err: error, event }, 'A socket event failed');
  acknowledge(args, { ok: false, problem: problem.toProblem() });
}

/** The acknowledgement is the function among the arguments, if the caller asked for one. */
export function acknowledge(args: readonly unknown[], answer: Ack): void {
  const ack = args.find((argument): argument is (answer: Ack) => void => typeof argument === 'function');
  ack?.(answer);
}
