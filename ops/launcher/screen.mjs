/**
 * What the launcher says: one line per part. On a terminal the part in progress renews its line; in a log it says only what changed
 * by a tenth.
 */
export class Screen {
  #open = null;
  #shown = new Map();

  part(name, text) {
    this.#closeLine();
    console.log(`  ${name.padEnd(10)} ${text}`);
  }

  progress(name, fraction, text) {
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
