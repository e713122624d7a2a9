import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LiveSession, ProblemError, RealtimeClient } from '../../libs/client/dist/index.js';
import { SoundError } from './wav.mjs';
import { Words, secondsOf, stateInWords } from './words.mjs';

const SAMPLES_PER_MS = 16;
const CHUNK_MS = 100;
/** How often the row is read while the end is awaited, since an event may be lost. */
const LOOK_MS = 2_000;
/** What the server says of a recording that nobody here will see completed. */
const GONE = ['not-found', 'sign-in-required', 'session-ended'];
const realClock = { now: () => performance.now(), wait: (ms) => delay(ms) };

/** One session from the first sample to the finished transcript. */
export class StreamedSession {
  #user;
  #baseUrl;
  #say;
  #words;
  #realtime;
  #live;
  #clock;
  #ended = false;
  #completed;
  /** Rejects when the server takes no more, so that nothing is waited for. */
  #stopped;

  constructor({ user, baseUrl, channelCount, title, out, say, realtime, sender = (options) => new LiveSession(options), clock = realClock }) {
    this.#user = user;
    this.#baseUrl = baseUrl;
    this.#say = say;
    this.#clock = clock;
    this.#words = new Words(out);
    this.#realtime = realtime ?? new RealtimeClient({ baseUrl, accessToken: user.accessToken });
    const id = randomUUID();
    this.#completed = new Promise((resolve) => {
      this.#realtime.on('recording:changed', ({ recording }) => recording.id === id && recording.status === 'completed' && resolve());
    });
    this.#realtime.on('live:partial', (partial) => partial.recordingId === id && this.#words.partial(partial));
    this.#realtime.on('transcript:segments', ({ recordingId, segments }) => recordingId === id && this.#words.segments(segments));
    let said = '';
    let stop = () => undefined;
    this.#stopped = new Promise((_, reject) => (stop = reject));
    // It may happen while nobody waits.
    this.#stopped.catch(() => undefined);
    this.#live = sender({
      realtime: this.#realtime, recordingId: id, channelCount, source: 'file', title, voiceDetector: () => user.client.live.voiceDetector(),
      onState: (state) => {
        const words = stateInWords(state);
        const key = `${state.phase} ${state.problem?.code ?? ''}`;
        if (key !== said) this.#say(words);
        said = key;
        if (state.phase === 'replaced' || state.phase === 'refused') stop(new Error(words));
      },
    });
    // Who has no other password cannot sign in again.
    this.#realtime.onStateChange((state) => state === 'signed-out' && stop(new Error(`Signed out: the password is not taken any more. ${secondsOf(this.#live.state.unsent)} were not sent.`)));
    this.channelCount = channelCount;
  }

  /** No more sound is read; what was read is finished properly. */
  end() {
    this.#ended = true;
  }

  leave() {
    this.#live.close();
    this.#realtime.close();
  }

  /** @throws what the server refused; SoundError when not all of the sound is in the recording */
  async run(pieces, fast) {
    try {
      await Promise.race([this.#stream(pieces, fast), this.#stopped]);
    } finally {
      this.leave();
    }
  }

  async #stream(pieces, fast) {
    const broken = await this.#send(pieces, fast).then(() => null, (error) => this.#breakOf(error));
    if (broken) this.#say(`${broken}; what was read before is being finished`);
    await this.#live.finish();
    await this.#untilCompleted();
    this.#words.end();
    this.#say(`Finished: ${this.#baseUrl}/recordings/${this.#live.recordingId}`);
    const { state } = this.#live;
    const missing = broken ?? (isTooLong(state) ? state.problem.message : null);
    if (missing) throw new SoundError(`Not all of the sound is in the recording. ${missing}`);
  }

  /** A file may be damaged in the middle: without an end its session would stay open for hours. */
  #breakOf(error) {
    // A microphone's pipe that Ctrl-C has closed ends with an error.
    return this.#ended ? null : `The sound breaks off (${error.message})`;
  }

  async #send(pieces, fast) {
    const live = isLive(pieces);
    const started = this.#clock.now();
    let sentMs = 0;
    for await (const piece of pieces) {
      for (const chunk of chunksOf(piece, CHUNK_MS * SAMPLES_PER_MS * this.channelCount)) {
        const { state } = this.#live;
        if (this.#ended || isOver(state) || isTooLong(state)) return;
        if (fast) await this.#live.room();
        this.#live.push(chunk);
        sentMs += samplesOf(chunk) / this.channelCount / SAMPLES_PER_MS;
        const early = started + sentMs - this.#clock.now();
        // A microphone is on time by itself.
        if (!fast && !live && early > 0) await this.#clock.wait(early);
      }
    }
  }

  async #untilCompleted() {
    let completed = false;
    void this.#completed.then(() => (completed = true));
    while (!completed) {
      if ((await this.#status()) === 'completed') break;
      await Promise.race([this.#completed, this.#clock.wait(LOOK_MS)]);
    }
    // An event may have been lost: what was not printed yet is printed now.
    const transcript = await this.#user.client.transcripts.get(this.#live.recordingId);
    this.#words.segments(transcript.segments);
  }

  /** @throws when it was deleted meanwhile, or may not be seen any more */
  async #status() {
    try {
      return (await this.#user.client.recordings.get(this.#live.recordingId)).status;
    } catch (error) {
      if (ProblemError.is(error, ...GONE)) throw error;
      return 'live';
    }
  }
}

const isOver = ({ phase }) => phase === 'replaced' || phase === 'refused' || phase === 'finished';
const isTooLong = ({ problem }) => problem?.code === 'too-long';
const samplesOf = (chunk) => chunk.byteLength / 2;
const isLive = (pieces) => pieces === process.stdin;

function* chunksOf(piece, length) {
  const units = piece instanceof Int16Array ? length : length * 2;
  for (let at = 0; at < piece.length; at += units) yield piece.subarray(at, at + units);
}
