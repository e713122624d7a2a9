/** How often a run tells that it lives and asks whether it is still wanted: a cancelled recording stops within about this time. */
const BEAT_MS = 1000;

/** Calls `beat` again and again, never twice at once, until stopped; `onFailure` hears of a beat that failed, and the beats end. */
export function startHeartbeat(beat: () => Promise<void>, onFailure: (error: unknown) => void, everyMs = BEAT_MS): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const schedule = () => {
    if (!stopped) timer = setTimeout(() => void beat().then(schedule, onFailure), everyMs);
  };
  schedule();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
