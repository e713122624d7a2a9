// One live session in real time, as the portal's page has it: the socket that sends the sound shows the words. The messages are those that LiveSession of
// @auscult/client would send, by the same rules; but they are cut from sound that lies ready, and nothing is kept or sent again: a clinician's own computer does that.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LIVE_PROTOCOL } from '../../libs/contracts/dist/index.js';
import { LiveWatch } from '../../libs/speech/dist/bench/live-watch.js';
import { completedRecording, TimedOut, within } from './live-recording.mjs';
import { FRAME_MS, FRAME_SAMPLES } from './live-sound.mjs';
import { RefusedError, WireSocket } from './wire-socket.mjs';

/** Longer than this nothing may take that is not the end of a session. */
const PATIENCE_MS = 60_000;

export class PacedSession {
  id = randomUUID();
  /** What was seen since the first sample was spoken: the same eyes as those of the bare loop. */
  watch = new LiveWatch(0);
  /** Largest delay of a message against the clock, in ms: that of this program, not of the product. */
  latest = 0;
  #user;
  #socket;
  #writer;
  #frames = 0;
  #gather = 1;
  #stored = 0;
  #known = new Set();
  #onStored = () => undefined;

  constructor(user) {
    this.#user = user;
  }

  /** Opens the session and watches it. @throws TimedOut */
  open() {
    return within(PATIENCE_MS, this.#open());
  }

  async #open() {
    this.#socket = await WireSocket.connect(this.#user.baseUrl, await this.#user.accessToken.current());
    this.#socket.on('live:partial', (partial) => this.watch.see({ kind: 'partial', ...partial }));
    this.#socket.on('transcript:segments', ({ segments }) => this.#seeFinals(segments));
    this.#socket.on('live:progress', ({ gather, stored }) => {
      this.#gather = gather ?? this.#gather;
      this.#stored = Math.max(this.#stored, stored);
      this.#onStored();
    });
    ({ writer: this.#writer } = await this.#socket.request('live:open', { protocol: LIVE_PROTOCOL, recordingId: this.id, channelCount: 1, source: 'file', title: 'Benchmark' }));
    await this.#socket.request('transcript:watch', { recordingId: this.id });
  }

  /**
   * Sends frames at the moment when the last sample of them has been spoken; the first sample is spoken at `from` (performance.now). What ends later than
   * `countedUntilMs` after it is not counted. @throws TimedOut
   */
  async speak({ sound, awaited }, from, countedUntilMs) {
    this.watch = new LiveWatch(from, countedUntilMs);
    this.#frames = awaited.length;
    const taken = [];
    let failure = null;
    for (let next = 0; next < this.#frames && !failure; ) {
      let until = next + 1;
      while (until < this.#frames && until - next < this.#gather && !awaited[until - 1]) until += 1;
      const due = from + until * FRAME_MS;
      await delay(Math.max(0, due - performance.now()));
      this.latest = Math.max(this.latest, performance.now() - due);
      taken.push(this.#send(sound, next, until).catch((error) => (failure ??= error)));
      next = until;
    }
    await within(PATIENCE_MS, Promise.all(taken));
    if (failure) throw failure;
  }

  /** Ends the session and answers the finished recording, or null when it is not complete within `withinMs`. */
  async finish(withinMs) {
    const deadline = performance.now() + withinMs;
    try {
      await within(withinMs, this.#finish());
      return await completedRecording(this.#user.client, this.id, deadline);
    } catch (failure) {
      if (failure instanceof TimedOut) return null;
      throw failure;
    }
  }

  async remove() {
    this.#socket?.close();
    await this.#user.client.recordings.delete(this.id);
  }

  async #send(sound, first, until) {
    const audio = new Uint8Array(sound.buffer, sound.byteOffset + first * FRAME_SAMPLES * 2, (until - first) * FRAME_SAMPLES * 2);
    const { received } = await this.#ask('live:audio', { first }, audio);
    if (received < until) throw new Error(`Frames ${first} to ${until} were not taken: the server has ${received}`);
  }

  /** A server that is too busy is one that does not answer in time. */
  async #ask(event, payload, audio) {
    try {
      return await this.#socket.request(event, { recordingId: this.id, writer: this.#writer, ...payload }, audio);
    } catch (error) {
      throw error instanceof RefusedError && error.code === 'unavailable' ? new TimedOut() : error;
    }
  }

  /** Resolves when all of the sound is stored. */
  async #finish() {
    await this.#ask('live:finish', { frames: this.#frames });
    if (this.#stored >= this.#frames) return;
    await new Promise((resolve) => (this.#onStored = () => this.#stored >= this.#frames && resolve()));
  }

  #seeFinals(segments) {
    for (const segment of segments) {
      if (this.#known.has(segment.id)) continue; // refined: seen before
      this.#known.add(segment.id);
      this.watch.see({ kind: 'final', ...segment });
    }
  }
}
