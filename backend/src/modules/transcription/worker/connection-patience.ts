import { setTimeout as delay } from 'node:timers/promises';
import { DriverException } from '@mikro-orm/core';
import { saysNoConnection } from '../../../platform/http/index.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
const PATIENCE_MS = 120_000;

/** SQLSTATE classes: 08 connection, 57 the server is being stopped or starts (57014 is a statement that took too long); 25P03 is a transaction that stood still. */
const connectionState = /^(08...|57P0.|25P03)$/;
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOENT']);

/** Whether the database went away, as opposed to refusing what was asked. */
export function isConnectionError(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = previousOf(at)) {
    const code = (at as NodeJS.ErrnoException).code ?? '';
    if (connectionState.test(code) || socketCodes.has(code)) return true;
    if (saysNoConnection(at)) return true;
  }
  return false;
}

function previousOf(error: Error): unknown {
  return error.cause ?? (error instanceof DriverException ? (error as { previous?: unknown }).previous : undefined);
}

/**
 * Does the work again while the database is away (a restart, a failover), for two minutes. A commit whose answer was lost may have
 * happened: the work must find that out itself.
 */
export async function withPatience<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionError(error) || Date.now() > giveUpAt) throw error;
      await delay(pause, undefined, { signal });
    }
  }
}
