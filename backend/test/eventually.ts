import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 25;
/** Long enough for two busy cores: what comes late has come; only what never comes fails a test. */
const PATIENCE_MS = 90_000;

/**
 * Waits for a state that the tests cannot be told of, such as a row in another process's hands. Asks again and again until the
 * answer is neither undefined, null nor false.
 * @throws the last error of `ask`, or that nothing came, after `timeoutMs`
 */
export async function eventually<T>(ask: () => Promise<T> | T, timeoutMs = PATIENCE_MS): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  let problem: unknown = new Error(`Did not come true within ${timeoutMs} ms`);
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
    } catch (error) {
      problem = error;
    }
    await pause(POLL_MS);
  }
  throw problem;
}
