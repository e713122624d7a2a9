import { z } from 'zod';
import { Id } from './common.js';

/** A value that survives JSON unchanged; a Date or a Buffer in a payload is a type error. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * Every job: the Bull queue it travels in and its payload. Payloads hold identifiers only, never text, names or audio:
 * the row is the truth and a job is only its delivery.
 */
export const jobs = {
  'transcribe-recording': { queue: 'transcription', payload: z.object({ recordingId: Id }) },
  // A queue of its own: Bull adds up what the jobs of one queue may do at once, and uploads would wait behind it.
  'hear-again': { queue: 'second-pass', payload: z.object({ recordingId: Id }) },
  'purge-audio': { queue: 'storage', payload: z.object({ objectId: Id }) },
} as const satisfies Record<string, { queue: string; payload: z.ZodType<JsonValue> }>;

export type JobName = keyof typeof jobs;
export type QueueName = (typeof jobs)[JobName]['queue'];
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]['payload']>;
export const jobNames = Object.keys(jobs) as JobName[];
export const queueNames = [...new Set(Object.values(jobs).map((job) => job.queue))] as QueueName[];
