// Watches the memory of a process and its children (Linux: /proc).
import { readFileSync, readdirSync } from 'node:fs';

/** Process ids of a process's direct children. */
function childrenOf(parent) {
  const found = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (ppid === parent) found.push(Number(entry));
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return found;
}

function residentBytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Samples `pid` and its children every 500 ms until `stop()`, which answers the peaks in bytes. */
export function watchMemory(pid) {
  let worker = 0;
  let withChildren = 0;
  const sample = () => {
    const own = residentBytes(pid);
    worker = Math.max(worker, own);
    withChildren = Math.max(withChildren, own + childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), 0));
  };
  const timer = setInterval(sample, 500);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return { worker, withChildren };
    },
  };
}
