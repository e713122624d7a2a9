import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LiveSession, RealtimeClient } from '../../libs/client/dist/index.js';
import { Words, stateInWords } from './words.mjs';

const SAMPLES_PER_MS = 16;
const CHUNK_MS = 100;
/** How often the row is read while the end is awaited, since an event may be lost. */
const LOOK_MS = 2_000;

/** One session from the first sample to the finished transcript. */
export class StreamedSession {
  #user;
  #baseUrl;
  #say;
  #words;
  #realtime;
  #live;
  #ended = false;
  #completed;

  constructor({ user, baseUrl, channelCount, title, out, say }) {
    this.#user = user;
    this.#baseUrl = baseUrl;
    this.#say = say;
    this.#words = new Words(out);
    this.#realtime = new RealtimeClient({ baseUrl, accessToken: user.accessToken });
    const id = randomUUID();
    this.#completed = new Promise((resolve) => {
      this.#realtime.on('recording:changed', ({ recording }) => recording.id === id && recording.status === 'completed' && resolve());
    });
    this.#realtime.on('live:partial', (partial) => partial.recordingId === id && this.#words.partial(partial));
    this.#realtime.on('transcript:segments', ({ recordingId, segments }) => recordingId === id && this.#words.segments(segments));
    let said = '';
    this.#live = new LiveSession({
      realtime: this.#realtime, recordingId: id, channelCount, source: 'file', title, voiceDetector: () => user.client.live.voiceDetector(),
      onState: (state) => {
        const words = stateInWords(state);
        const key = `${state.phase} ${state.problem?.code ?? ''}`;
        if (key !== said) this.#say(words);
        said = key;
      },
    });
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

  /** @throws what the server refused */
  async run(pieces, fast) {
    try {
      await this.#send(pieces, fast).catch((error) => {
        // A microphone's pipe that Ctrl-C has closed ends with an error.
        if (!this.#ended) throw error;
      });
      await this.#live.finish();
      await this.#untilCompleted();
      this.#words.end();
      this.#say(`Finished: ${this.#baseUrl}/recordings/${this.#live.recordingId}`);
    } finally {
      this.leave();
    }
  }

  async #send(pieces, fast) {
    const live = isLive(pieces);
    const started = performance.now();
    let sentMs = 0;
    for await (const piece of pieces) {
      for (const chunk of chunksOf(piece, CHUNK_MS * SAMPLES_PER_MS * this.channelCount)) {
        if (this.#ended || isOver(this.#live.state)) return;
        if (fast) await this.#live.room();
        this.#live.push(chunk);
        sentMs += CHUNK_MS;
        const early = started + sentMs - performance.now();
        // A microphone is on time by itself.
        if (!fast && !live && early > 0) await delay(early);
      }
    }
  }

  async #untilCompleted() {
    let completed = false;
    void this.#completed.then(() => (completed = true));
    while (!completed) {
      const { status } = await this.#user.client.recordings.get(this.#live.recordingId).catch(() => ({ status: 'live' }));
      if (status === 'completed') break;
      await Promise.race([this.#completed, delay(LOOK_MS)]);
    }
    // An event may have been lost: what was not printed yet is printed now.
    const transcript = await this.#user.client.transcripts.get(this.#live.recordingId);
    this.#words.segments(transcript.segments);
  }
}

const isOver = ({ phase }) => phase === 'replaced' || phase === 'refused' || phase === 'finished';
const isLive = (pieces) => pieces === process.stdin;

function* chunksOf(piece, length) {
  const units = piece instanceof Int16Array ? length : length * 2;
  for (let at = 0; at < piece.length; at += units) yield piece.subarray(at, at + units);
}
