// Speech as a sender's frames: 100 ms of 16 kHz 16-bit mono each, joined from utterances on the fly, so that hours need no memory.

export const FRAME_SAMPLES = 1_600;
export const FRAME_MS = 100;
const SAMPLE_RATE = 16_000;
/** Silence at the end, so that the last utterance ends as every other one does. */
const QUIET_FRAMES = 15;

function toPcm(samples) {
  return Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32767))));
}

/** Utterances ({ samples: Float32Array, words }) made ready once for many sessions. */
export const pcmOf = (utterances) => utterances.map(({ samples }) => toPcm(samples));

/** Utterances with pauses of 0.2 to 1.2 s, for ever, from the utterance `first` on. */
function* spoken(utterances, first) {
  for (let i = first; ; i += 1) {
    yield utterances[i % utterances.length];
    yield new Int16Array(Math.round(SAMPLE_RATE * (0.2 + ((i * 37) % 101) / 100)));
  }
}

/** Which utterance a session begins with. 7 steps on for each: other sessions say other things, until there are more of them than utterances. */
export const firstOf = (session, utteranceCount) => (session * 7) % utteranceCount;

/** The utterances in another order for each number: which words end up beside which matters as much as any setting. */
export function inOrder(utterances, order) {
  const count = utterances.length;
  const coprime = (step) => Array.from({ length: count }, (_, index) => (index * step) % count);
  let step = 1;
  for (let found = 0; found < order; ) {
    step += 2;
    if (new Set(coprime(step)).size === count) found += 1;
  }
  return coprime(step).map((index) => utterances[index]);
}

/** Frames of `seconds` of speech and 1.5 s of silence. The same input gives the same frames. */
export function* speechFrames(utterances, first, seconds) {
  const speech = spoken(utterances, first);
  let piece = new Int16Array(0);
  for (let frame = 0; frame < seconds * 10; frame += 1) {
    const samples = new Int16Array(FRAME_SAMPLES);
    for (let filled = 0; filled < FRAME_SAMPLES; ) {
      if (piece.length === 0) piece = speech.next().value;
      const part = piece.subarray(0, FRAME_SAMPLES - filled);
      samples.set(part, filled);
      filled += part.length;
      piece = piece.subarray(part.length);
    }
    yield samples;
  }
  for (let frame = 0; frame < QUIET_FRAMES; frame += 1) yield new Int16Array(FRAME_SAMPLES);
}

/** The same as one piece. */
export function speechSound(utterances, first, seconds) {
  const frames = [...speechFrames(utterances, first, seconds)];
  const sound = new Int16Array(frames.length * FRAME_SAMPLES);
  frames.forEach((frame, index) => sound.set(frame, index * FRAME_SAMPLES));
  return sound;
}
