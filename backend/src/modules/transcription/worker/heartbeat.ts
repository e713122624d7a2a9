/** How often a run tells that it lives and asks whether it is still wanted: a cancelled recording stops within about this time. */
const BEAT_MS = 1000;

/** Calls `beat` every second, never two at once, until stopped; `onFailure` hears of a beat that failed, and the beats end. */
export function startHeartbeat(beat: () => Promise<void>, onFailure: (error: unknown) => void): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const schedule = () => {
    if (!stopped) timer = setTimeout(() => void beat().then(schedule, onFailure), BEAT_MS);
  };
  schedule();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
