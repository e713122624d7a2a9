// One live session, sent as fast as the server takes it.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LiveSession, RealtimeClient } from '../../libs/client/dist/index.js';
import { completedRecording, TimedOut, within } from './live-recording.mjs';

const OPENED_WITHIN_MS = 60_000;

export class PouredSession {
  id = randomUUID();
  #user;
  #realtime;
  #live;
  #listeners = new Set();

  constructor(user) {
    this.#user = user;
    this.#realtime = new RealtimeClient({ baseUrl: user.baseUrl, accessToken: user.accessToken });
  }

  /** @throws TimedOut */
  async open() {
    this.#live = new LiveSession({
      realtime: this.#realtime, recordingId: this.id, channelCount: 1, source: 'file', title: 'Benchmark',
      onState: () => this.#listeners.forEach((listener) => listener()),
    });
    await this.#until(() => this.#live.state.phase === 'sending', OPENED_WITHIN_MS);
  }

  get state() {
    return this.#live.state;
  }

  /** `onPushed(frames)` is called after each with the number sent so far. */
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
      await within(withinMs, this.#live.finish());
      await this.#until(() => this.#live.state.phase === 'finished', deadline - performance.now());
      return await completedRecording(this.#user.client, this.id, deadline);
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
