// CPU time and memory of the product's processes, each with its children (Linux: /proc).
import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU time for user space in hundredths of a second on every architecture. */
const TICKS_PER_SECOND = 100;

/** { name, parent, ticks } of every process; `ticks` holds those of children that ended as well. */
function readAll() {
  const found = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.set(Number(entry), { name, parent: Number(rest[1]), ticks: rest.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) });
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return found;
}

/** Seconds of CPU time of a process and its children since each began. */
export function cpuSecondsOf(pid) {
  const all = readAll();
  return treeOf(pid, all).reduce((sum, each) => sum + all.get(each).ticks, 0) / TICKS_PER_SECOND;
}

function treeOf(pid, all) {
  const children = [...all].filter(([, { parent }]) => parent === pid).flatMap(([child]) => treeOf(child, all));
  return all.has(pid) ? [pid, ...children] : children;
}

/** Shared memory counted in parts (PostgreSQL's processes share most of theirs), where the kernel tells; else the resident size. */
function memoryBytes(pid) {
  for (const [file, pattern] of [['smaps_rollup', /^Pss:\s+(\d+) kB/m], ['status', /^VmRSS:\s+(\d+) kB/m]]) {
    try {
      return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      // Not allowed, or gone: the next file, or nothing.
    }
  }
  return 0;
}

/**
 * The product's processes by name: those that its launcher wrote into run.json, its PostgreSQL, each with its children, and this one, whose
 * child the whole product is, as `sender` alone. `run` is the content of run.json.
 */
export class ProductProcesses {
  #roots;

  constructor(run) {
    const named = Object.entries(run.processes).map(([name, { pid }]) => [name, pid]);
    const postgres = [...readAll()].filter(([, { name, parent }]) => parent === run.pid && name === 'postgres').map(([pid]) => ['postgres', pid]);
    this.#roots = new Map([...named, ...postgres]);
  }

  /** Seconds of CPU time since each began, as { api, worker, live, redis, postgres, sender }. */
  cpuSeconds() {
    return this.#sums((pid, all) => all.get(pid).ticks / TICKS_PER_SECOND);
  }

  /** Bytes of memory now, by the same names. */
  memory() {
    return this.#sums((pid) => memoryBytes(pid));
  }

  #sums(of) {
    const all = readAll();
    const sums = [...this.#roots].map(([name, root]) => [name, treeOf(root, all).reduce((sum, pid) => sum + of(pid, all), 0)]);
    return { ...Object.fromEntries(sums), sender: of(process.pid, all) };
  }
}

/** Percent of one core that each process used between two readings of `cpuSeconds`, `seconds` apart. */
export function cpuPercent(before, after, seconds) {
  return Object.fromEntries(Object.keys(after).map((name) => [name, ((after[name] - (before[name] ?? 0)) / seconds) * 100]));
}
