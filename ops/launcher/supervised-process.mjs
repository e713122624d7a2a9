import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { signal, startTimeOf, waitForExit } from './processes.mjs';
import { Refusal } from './refusal.mjs';
import { RotatingLog } from './rotating-log.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Running this long, a process counts as healthy again and the next pause starts small. */
const HEALTHY_MS = 60_000;

/**
 * A process that is kept running. `isReady` is asked until it says yes; `report` gets one line when the process ends by itself. An end
 * before it was ever ready is a fault of the start and refuses it; later it is started again after a pause that doubles.
 */
export class SupervisedProcess {
  #stopping = false;
  #wasReady = false;
  #pause = FIRST_PAUSE_MS;

  constructor({ name, command, args = [], env, cwd, uid, stdin, isReady, readyWithinMs = 60_000, logFile, report, onChange = () => undefined }) {
    Object.assign(this, { name, command, args, env, cwd, uid, stdin, isReady, readyWithinMs, report, onChange });
    this.log = new RotatingLog(logFile);
  }

  async start() {
    this.#stopping = false;
    this.#spawn();
    await this.#untilReady();
    this.#wasReady = true;
  }

  /** SIGTERM, then SIGKILL when that takes longer than `graceMs`. */
  async stop(graceMs = 15_000) {
    this.#stopping = true;
    if (!this.child || this.ended) return;
    signal(this.child.pid, 'SIGTERM');
    if (await waitForExit(this.child.pid, graceMs)) return;
    signal(this.child.pid, 'SIGKILL');
    await waitForExit(this.child.pid, 2000);
  }

  get identity() {
    return { pid: this.child?.pid, startTime: this.child && startTimeOf(this.child.pid) };
  }

  #spawn() {
    this.ended = null;
    this.log.forget();
    this.startedAt = Date.now();
    // Detached: Ctrl-C in the terminal reaches the launcher alone, which stops everything in order.
    const stdio = [this.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'];
    if (this.command === process.execPath) stdio.push('ipc'); // see leave-with-parent.mjs
    this.child = spawn(this.command, this.args, { cwd: this.cwd, env: this.env, uid: this.uid, gid: this.uid, detached: true, stdio });
    if (this.stdin) this.child.stdin.end(this.stdin);
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (chunk) => this.log.write(chunk));
    const child = this.child;
    child.on('error', (failure) => this.#hasEnded(child, failure.code));
    child.on('exit', (code, killedBy) => this.#hasEnded(child, killedBy ?? `exit code ${code}`));
    this.onChange();
  }

  async #untilReady() {
    const deadline = Date.now() + this.readyWithinMs;
    while (!this.ended && !this.#stopping) {
      if (await this.isReady()) return;
      if (Date.now() > deadline) throw new Refusal(`The ${this.name} is not ready after ${this.readyWithinMs / 1000} s (${this.log.path})`);
      await delay(50);
    }
    if (!this.#stopping) throw new Refusal(`The ${this.name} did not start (${this.ended}): ${lastWords(this.log.lastLines)} (${this.log.path})`);
  }

  #hasEnded(child, how) {
    if (child !== this.child || this.ended) return;
    this.ended = how;
    if (this.#stopping || !this.#wasReady) return;
    if (Date.now() - this.startedAt > HEALTHY_MS) this.#pause = FIRST_PAUSE_MS;
    this.report(`The ${this.name} ended by itself (${how}); starting it again in ${this.#pause / 1000} s (${this.log.path})`);
    const timer = setTimeout(() => this.#restart(), this.#pause);
    timer.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  async #restart() {
    if (this.#stopping) return;
    this.#spawn();
    const child = this.child;
    try {
      await this.#untilReady();
      if (!this.#stopping) this.report(`The ${this.name} runs again`);
    } catch {
      // It ended again: #hasEnded has planned the next try. If it lives but is not ready, the parts it waits for are being restarted.
      if (child === this.child && !this.ended) this.report(`The ${this.name} runs, but is not ready (${this.log.path})`);
    }
  }
}

/** The message of the last log line that says something: JSON lines carry it in `msg`. */
function lastWords(lines) {
  const words = lines.map((line) => {
    try {
      const { msg, err } = JSON.parse(line);
      return err?.message ?? msg ?? line;
    } catch {
      return line;
    }
  });
  const named = words.filter((text) => /error|refused|must|cannot|missing|invalid|not /i.test(text) && !/^\s+at /.test(text));
  return (named.at(-1) ?? words.at(-1) ?? 'no message').trim().slice(0, 300);
}

/** Whether an address answers with 2xx. */
export async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}
