// One live session as the portal's page has it: the socket that sends the sound shows the words.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LiveSession, RealtimeClient } from '../../libs/client/dist/index.js';
import { LiveWatch } from '../../libs/speech/dist/bench/live-watch.js';
import { FRAME_MS } from './live-sound.mjs';

const OPENED_WITHIN_MS = 60_000;

export class WatchedSession {
  id = randomUUID();
  /** What was seen since the first sample was spoken: the same eyes as those of the bare loop. */
  watch = new LiveWatch(0);
  /** Largest delay of a frame against the clock, in ms: that of this program, not of the product. */
  latestPush = 0;
  #user;
  #realtime;
  #live;
  #known = new Set();
  #listeners = new Set();

  constructor(user) {
    this.#user = user;
    this.#realtime = new RealtimeClient({ baseUrl: user.baseUrl, accessToken: user.accessToken });
  }

  /** Opens the session and watches it. @throws TimedOut */
  async open() {
    this.#live = new LiveSession({
      realtime: this.#realtime, recordingId: this.id, channelCount: 1, source: 'file', title: 'Benchmark',
      onState: () => this.#listeners.forEach((listener) => listener()),
    });
    await this.#until(() => this.#live.state.phase === 'sending', OPENED_WITHIN_MS);
    this.#realtime.on('live:partial', (partial) => this.watch.see({ kind: 'partial', ...partial }));
    this.#realtime.on('transcript:segments', ({ segments }) => this.#final(segments));
    await this.#realtime.watchTranscript(this.id).ready;
  }

  get state() {
    return this.#live.state;
  }

  /**
   * Sends each frame at the moment when its last sample has been spoken; the first sample is spoken at `from` (performance.now). What ends later than
   * `countedUntilMs` after it is not counted.
   */
  async speak(frames, from, countedUntilMs) {
    this.watch = new LiveWatch(from, countedUntilMs);
    let due = from;
    for (const frame of frames) {
      due += FRAME_MS;
      const wait = due - performance.now();
      if (wait > 0) await delay(wait);
      this.latestPush = Math.max(this.latestPush, performance.now() - due);
      this.#live.push(frame);
    }
  }

  /** Sends as fast as the server takes. `onPushed(frames)` is called after each with the number sent so far. */
  async pour(frames, onPushed = () => undefined) {
    let count = 0;
    for (const frame of frames) {
      await this.#live.room();
      this.#live.push(frame);
      onPushed((count += 1));
    }
  }

  /** Hears every change of the sender's state. */
  onState(listener) {
    this.#listeners.add(listener);
  }

  /** Ends the session and answers the finished recording, or null when it is not complete within `withinMs`. */
  async finish(withinMs) {
    const deadline = performance.now() + withinMs;
    try {
      await Promise.race([this.#live.finish(), delay(withinMs).then(() => Promise.reject(new TimedOut()))]);
      await this.#until(() => this.#live.state.phase === 'finished', deadline - performance.now());
      return await this.#completed(deadline);
    } catch (failure) {
      if (failure instanceof TimedOut) return null;
      throw failure;
    }
  }

  /** The final form of the transcript, after refinement. */
  async text() {
    const { segments } = await this.#user.client.transcripts.get(this.id);
    return segments.map(({ text }) => text).join(' ');
  }

  async remove() {
    this.#live?.close();
    this.#realtime.close();
    await this.#user.client.recordings.delete(this.id);
  }

  #final(segments) {
    for (const segment of segments) {
      if (this.#known.has(segment.id)) continue; // refined: seen before
      this.#known.add(segment.id);
      this.watch.see({ kind: 'final', ...segment });
    }
  }

  async #completed(deadline) {
    for (;;) {
      const recording = await this.#user.client.recordings.get(this.id);
      if (recording.status === 'completed') return recording;
      if (recording.status !== 'live') throw new Error(`The session ended as ${recording.status}`);
      if (performance.now() > deadline) throw new TimedOut();
      await delay(100);
    }
  }

  /** Resolves once `holds()` at a change of the sender's state. */
  async #until(holds, withinMs) {
    const deadline = performance.now() + withinMs;
    while (!holds()) {
      if (['refused', 'replaced'].includes(this.#live.state.phase)) throw new Error(`The session is ${this.#live.state.phase}: ${this.#live.state.problem?.code}`);
      if (performance.now() > deadline) throw new TimedOut();
      await delay(20);
    }
  }
}

/** The product is too busy, or stuck. */
export class TimedOut extends Error {
  constructor() {
    super('The session did not come so far in time');
  }
}
