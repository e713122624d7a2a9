// What waiting for a live session has in common, however it is sent.
import { setTimeout as delay } from 'node:timers/promises';

/** The product is too busy, or stuck. */
export class TimedOut extends Error {
  constructor() {
    super('The session did not come so far in time');
  }
}

/** @throws TimedOut when `work` takes longer */
export async function within(ms, work) {
  const late = new AbortController();
  const timeOut = delay(ms, undefined, { signal: late.signal }).then(() => Promise.reject(new TimedOut()));
  try {
    return await Promise.race([work, timeOut]);
  } finally {
    timeOut.catch(() => undefined);
    late.abort();
  }
}

/** Answers the recording once it is complete. @throws TimedOut after `deadline` (performance.now()) */
export async function completedRecording(client, id, deadline) {
  for (;;) {
    const recording = await client.recordings.get(id);
    if (recording.status === 'completed') return recording;
    if (recording.status !== 'live') throw new Error(`The session ended as ${recording.status}`);
    if (performance.now() > deadline) throw new TimedOut();
    await delay(100);
  }
}
