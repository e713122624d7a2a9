/** Prints what is said: on a terminal what is being said is rewritten in place, into a pipe go finished utterances only. */
export class Words {
  #out;
  #printed = new Set();
  #partials = new Map();

  /** @param out `write(text)`, and on a terminal `isTTY` and `columns` */
  constructor(out) {
    this.#out = out;
  }

  partial({ channel, firm, tentative }) {
    if (!this.#out.isTTY) return;
    const text = [firm, tentative].filter(Boolean).join(' ');
    if (text === '') this.#partials.delete(channel);
    else this.#partials.set(channel, text);
    this.#rewrite();
  }

  /** Each utterance once, with the words that it had first; the transcript has the last word. */
  segments(segments) {
    for (const { id, text } of [...segments].sort((a, b) => a.startMs - b.startMs)) {
      if (this.#printed.has(id) || text === '') continue;
      this.#printed.add(id);
      this.#out.write(this.#out.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
    }
    this.#rewrite();
  }

  end() {
    this.#partials.clear();
    this.#rewrite();
  }

  #rewrite() {
    if (!this.#out.isTTY) return;
    const text = [...this.#partials.values()].join(' / ');
    const room = (this.#out.columns ?? 80) - 1;
    // The newest words are at the end.
    this.#out.write(`\r\u001b[2K${text.length > room ? `…${text.slice(text.length - room + 1)}` : text}`);
  }
}

/** So many frames in words. */
export const secondsOf = (frames) => `${frames === 0 ? 0 : Math.max(1, Math.round(frames / 10))} s`;

/** The state of the connection in words, or null when there is nothing to say about it. */
export function stateInWords({ phase, unsent, problem }) {
  const why = problem ? ` (${problem.message})` : '';
  switch (phase) {
    case 'connecting':
      return `Connecting${why}`;
    case 'sending':
      return `Sending${why}`;
    case 'catching-up':
      return `Catching up${why}`;
    case 'offline':
      return `No connection: ${unsent === 0 ? 'the sound is kept here' : `${secondsOf(unsent)} kept here`}${why}`;
    case 'finishing':
      return `Finishing: the last words are being written${why}`;
    case 'finished':
      return `Everything is stored${why}`;
    default:
      return `Stopped${why}`;
  }
}
