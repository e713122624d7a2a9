import type { ClientEventName } from '@auscult/contracts';
import type { Namespace, Socket } from 'socket.io';
import { ProblemError } from '../http/index.js';
import { acknowledge } from './socket-problem.filter.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/** Open pages, devices and scripts of one person; counted in each process. */
export const MAX_SOCKETS_PER_USER = 40;
/** A connection that has not shown a token by then is closed. */
export const ADMISSION_TIMEOUT_MS = 10_000;
/** Connections of each process that have not shown a token yet; further ones are turned away at the door. */
export const MAX_STRANGERS = 2_000;

/**
 * What one socket may send. Sound in real time is 1 to 10 messages a second; 8 frames in each of 200 messages catch up 160 times faster
 * than real time. To seal and append the largest message takes an api process 0.4 to 0.6 ms of a core (measured), so that no socket gets
 * more than a fraction of one.
 */
const rates: Partial<Record<ClientEventName, Rate>> = { 'live:audio': { perSecond: 200, burst: 400 } };
/** Everything else is asked by a person's click. */
const ordinary: Rate = { perSecond: 20, burst: 100 };

/** Refuses what a socket sends too often with `too-many-requests`, and shows it out when it goes on all the same. */
export function limitEvents(socket: Socket): void {
  const rest = new TokenBucket(ordinary, performance.now());
  const buckets = new Map<string, TokenBucket>();
  for (const [event, rate] of Object.entries(rates)) buckets.set(event, new TokenBucket(rate, performance.now()));
  socket.use(([event, ...args]: [string, ...unknown[]], next) => {
    const said = (buckets.get(event) ?? rest).take(performance.now());
    if (said === 'allowed') return next();
    acknowledge(args, { ok: false, problem: new ProblemError('too-many-requests').toProblem() });
    if (said === 'deaf') socket.disconnect(true);
  });
}

/** Whether one more connection that has shown nothing yet may come in. */
export function hasRoomForStrangers(namespace: Namespace, connections: number): boolean {
  return connections - namespace.sockets.size < MAX_STRANGERS;
}
