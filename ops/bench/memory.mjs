// Watches the memory of a process and its children (Linux: /proc).
import { readFileSync, readdirSync } from 'node:fs';

/** Direct children of a process: [{ pid, command }]. */
export function childrenOf(parent) {
  const found = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (ppid === parent) found.push({ pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() });
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return found;
}

/** The first process below `root` whose command line holds `part`. */
export function findBelow(root, part) {
  const queue = [root];
  while (queue.length > 0) {
    for (const child of childrenOf(queue.shift())) {
      if (child.command.includes(part)) return child.pid;
      queue.push(child.pid);
    }
  }
  throw new Error(`No process with ${part} below ${root}`);
}

function residentBytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Samples `pid` and its children every 200 ms until `stop()`, which answers the peaks in bytes. */
export function watchMemory(pid) {
  let worker = 0;
  let withChildren = 0;
  const sample = () => {
    const own = residentBytes(pid);
    worker = Math.max(worker, own);
    withChildren = Math.max(withChildren, own + childrenOf(pid).reduce((sum, child) => sum + residentBytes(child.pid), 0));
  };
  const timer = setInterval(sample, 200);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return { worker, withChildren };
    },
  };
}
