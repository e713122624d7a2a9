// One long session, sent as fast as it is taken: does memory grow, does it get slower, is the length exact?
import { withProduct } from './live-product.mjs';
import { writeSoak } from './live-report.mjs';
import { PouredSession } from './live-session.mjs';
import { FRAME_MS, pcmOf, speechFrames } from './live-sound.mjs';
import { figuresOf, percentile } from './live-statistics.mjs';

const SAMPLE_EVERY_MS = 1_000;
/** A session is told about in so many parts of the same length. */
const PARTS = 10;

/** Notes when frames were sent and when they were stored, and the memory of every process meanwhile. */
class Notes {
  /** [{ frame, atMs, waitMs }]: at `atMs` everything before `frame` was stored, the last of it `waitMs` after it was sent. */
  stored = [];
  /** [{ frame, bytes: { name: bytes } }] */
  memory = [];
  #sentAt = [];

  sent() {
    this.#sentAt.push(performance.now());
  }

  reached(frame) {
    if (frame === (this.stored.at(-1)?.frame ?? 0)) return;
    const atMs = performance.now();
    this.stored.push({ frame, atMs, waitMs: atMs - (this.#sentAt[frame - 1] ?? atMs) });
  }

  /** Figures of the part between two frames; memory by its median. */
  between(from, until) {
    const steps = this.stored.filter(({ frame }) => frame > from && frame <= until);
    const seconds = steps.length > 1 ? (steps.at(-1).atMs - steps[0].atMs) / 1000 : 0;
    const memory = this.memory.filter(({ frame }) => frame >= from && frame <= until);
    return {
      stored: figuresOf(steps.map(({ waitMs }) => waitMs)),
      speed: seconds > 0 ? ((steps.at(-1).frame - steps[0].frame) * FRAME_MS) / 1000 / seconds : null,
      memory: this.#memory((name) => percentile(memory.map(({ bytes }) => bytes[name]), 0.5)),
    };
  }

  /** The whole of it; memory by its peak. */
  whole() {
    return { ...this.between(0, Number.POSITIVE_INFINITY), memory: this.#memory((name) => Math.max(...this.memory.map(({ bytes }) => bytes[name]))) };
  }

  #memory(figure) {
    return Object.fromEntries(Object.keys(this.memory.at(-1)?.bytes ?? {}).map((name) => [name, figure(name)]));
  }
}

async function soak({ user, processes }, speech, { model, minutes }) {
  const session = new PouredSession(user);
  const notes = new Notes();
  await session.open();
  session.onState(() => notes.reached(session.state.stored));
  const sampling = setInterval(() => notes.memory.push({ frame: session.state.stored, bytes: processes.memory() }), SAMPLE_EVERY_MS);
  const startedAt = performance.now();
  try {
    let frames = 0;
    await session.pour(speechFrames(speech, 0, minutes * 60), (count) => {
      frames = count;
      notes.sent();
      if (count % 6_000 === 0) console.error(`  ${model}: ${count / 600} of ${minutes} min sent after ${Math.round((performance.now() - startedAt) / 1000)} s`);
    });
    const recording = await session.finish(minutes * 60_000 + 60_000);
    if (recording === null) throw new Error('The session was not complete in the time that it would have taken to speak it');
    const sentMs = frames * FRAME_MS;
    return {
      model, minutes, sentMs,
      durationMs: recording.durationMs,
      exact: recording.durationMs === sentMs,
      wallSeconds: (performance.now() - startedAt) / 1000,
      tenths: Array.from({ length: PARTS }, (_, part) => notes.between((frames * part) / PARTS, (frames * (part + 1)) / PARTS)),
      whole: notes.whole(),
    };
  } finally {
    clearInterval(sampling);
    await session.remove();
  }
}

export async function runSoak({ models, minutes }, corpus, about) {
  const speech = pcmOf(corpus.utterances);
  const rows = [];
  for (const model of models) rows.push(await withProduct(model, (product) => soak(product, speech, { model, minutes })));
  await writeSoak(rows, about);
}
