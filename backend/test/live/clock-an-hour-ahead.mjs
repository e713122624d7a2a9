/** Preloaded into a process whose clock shall be wrong. */
const HOUR_MS = 3_600_000;
const rightTime = Date.now.bind(Date);
Date.now = () => rightTime() + HOUR_MS;
