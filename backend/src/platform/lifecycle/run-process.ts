import type { INestApplicationContext } from '@nestjs/common';
import { ConfigError } from '../config/index.js';
import { safeError } from '../observability/index.js';

/** A shutdown that takes longer than this is cut off. */
const SHUTDOWN_TIMEOUT_MS = 15_000;

/**
 * Runs one main: starts it, keeps it up until it is told to stop, and then closes it. It is told by SIGTERM or SIGINT, or by
 * the end of the process that forked it. A wrong configuration prints one line for each variable and exits with 1.
 */
export async function runProcess(start: () => Promise<INestApplicationContext>): Promise<void> {
  process.on('unhandledRejection', (reason) => fail('A promise was rejected and nobody listened', reason));
  process.on('uncaughtException', (error) => fail('An error was thrown and nobody caught it', error));
  try {
    const app = await start();
    stopWhenTold(app);
  } catch (error) {
    fail('The process could not start', error);
  }
}

/** Runs a command to its end and prints its result as one JSON line on standard output. */
export async function runOnce(command: () => Promise<object>): Promise<void> {
  try {
    const result = await command();
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  } catch (error) {
    fail('The command failed', error);
  }
}

let stopping = false;

function stopWhenTold(app: INestApplicationContext): void {
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
    app.close().then(() => process.exit(0), () => process.exit(1));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

function fail(message: string, error: unknown): void {
  // While connections are being cut, what still waited for them is rejected; that must not turn a clean stop into a failed one.
  if (stopping) return;
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.lines.map((line) => `Configuration: ${line}`).join('\n')}\n`);
  } else {
    const line = { level: 'fatal', time: new Date().toISOString(), err: safeError(error), msg: message };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  }
  process.exit(1);
}
