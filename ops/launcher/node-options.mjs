/**
 * Sound lies outside V8's heap and counts into it all the same: as its limit is at first, 24 live sessions had garbage collected twice a second, for 6 %
 * of a core; with 256 MB (what memory may grow by) it was once in ten seconds.
 */
const COMMON = ['--enable-source-maps', '--initial-heap-size=256'];

/**
 * Of a process of the backend. In live, sound soon becomes garbage: a small young generation is looked through often, for 1 % of a core, and returns most of it; else all of the heap was
 * marked 10 times in 30 s with 28 sessions, now 3 times.
 */
export const NODE_OPTIONS = { api: COMMON, worker: COMMON, live: [...COMMON, '--max-semi-space-size=4'] };
