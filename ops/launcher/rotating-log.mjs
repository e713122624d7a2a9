import { existsSync, renameSync, statSync, writeSync, openSync, closeSync } from 'node:fs';

const LIMIT_BYTES = 20e6;
const KEPT = 3;

/** A log file of a process, at most KEPT + 1 times LIMIT_BYTES; a full disk costs log lines, never the process. */
export class RotatingLog {
  #tail = '';

  constructor(path) {
    this.path = path;
    this.#open();
  }

  #open() {
    this.size = existsSync(this.path) ? statSync(this.path).size : 0;
    this.file = openSync(this.path, 'a', 0o640);
  }

  write(chunk) {
    this.#tail = (this.#tail + String(chunk)).slice(-4000);
    try {
      if (this.size > LIMIT_BYTES) this.#rotate();
      writeSync(this.file, chunk);
      this.size += chunk.length;
    } catch {
      // No room on the disk: the processes report that themselves where it matters.
    }
  }

  /** The last lines, for the one that explains why a process did not start. */
  get lastLines() {
    return this.#tail.trim().split('\n');
  }

  forget() {
    this.#tail = '';
  }

  #rotate() {
    closeSync(this.file);
    for (let number = KEPT - 1; number >= 1; number -= 1) {
      if (existsSync(`${this.path}.${number}`)) renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
    }
    renameSync(this.path, `${this.path}.1`);
    this.#open();
  }
}
