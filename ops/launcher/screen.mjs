/**
 * What the launcher says: one line per part. On a terminal the part in progress renews its line; in a log it says only what changed
 * by a tenth.
 */
export class Screen {
  #open = null;
  #shown = new Map();
  /** Set once the start has failed: the reason is the last thing to be read. */
  quiet = false;

  constructor() {
    // `npm start | head`: whoever listened has left, the stack has not.
    process.stdout.on('error', () => undefined);
  }

  part(name, text) {
    if (this.quiet) return;
    this.#closeLine();
    console.log(`  ${name.padEnd(10)} ${text}`);
  }

  progress(name, fraction, text) {
    if (this.quiet) return;
    const tenth = Math.floor(fraction * 10);
    if (!process.stdout.isTTY) {
      if (this.#shown.get(name) === tenth) return;
      this.#shown.set(name, tenth);
      console.log(`  ${name.padEnd(10)} ${text}`);
      return;
    }
    const filled = Math.round(fraction * 20);
    process.stdout.write(`\r  ${name.padEnd(10)} [${'='.repeat(filled)}${' '.repeat(20 - filled)}] ${text}\u001b[K`);
    this.#open = name;
  }

  line(text = '') {
    this.#closeLine();
    console.log(text);
  }

  #closeLine() {
    if (this.#open) process.stdout.write('\r\u001b[K');
    this.#open = null;
  }
}
