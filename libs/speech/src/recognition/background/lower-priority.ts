import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Where Linux lists the threads of this process. */
const THREADS = '/proc/self/task';

/**
 * Lets other processes have the cores first: files can wait, a voice that is being transcribed cannot. Linux gives each thread a priority
 * of its own, which new threads take over from the one that makes them, so those that run already are lowered one by one.
 */
export function lowerPriority(nice: number = constants.priority.PRIORITY_BELOW_NORMAL): void {
  const threads = existsSync(THREADS) ? readdirSync(THREADS).map(Number) : [0];
  for (const thread of threads) setPriority(thread, nice);
}
