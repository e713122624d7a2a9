import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A process is known by its number and the moment it began (clock ticks since boot): numbers are given out again, in containers
 * soon.
 */
export function startTimeOf(pid) {
  try {
    // Field 22; the second field, the name, may hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null; // no such process
  }
}

export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch (failure) {
    if (failure.code === 'ESRCH') return false;
    throw failure;
  }
}

/** Waits until the process is gone; false when it still lives after `limitMs`. */
export async function waitForExit(pid, limitMs) {
  const began = startTimeOf(pid);
  const deadline = Date.now() + limitMs;
  while (began !== null && startTimeOf(pid) === began) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}

/** Ends processes that a killed launcher left behind, and only those: same number and same start. */
export async function endSurvivors(processes) {
  const alive = Object.values(processes).filter(({ pid, startTime }) => startTime && startTimeOf(pid) === startTime);
  for (const { pid } of alive) signal(pid, 'SIGTERM');
  for (const { pid } of alive) {
    if (!(await waitForExit(pid, 8000))) signal(pid, 'SIGKILL');
    await waitForExit(pid, 2000);
  }
  return alive.length;
}
