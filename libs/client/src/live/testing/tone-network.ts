import { VoiceNetwork } from '../voice/voice-network.js';

/** Numbers of each part of a voice detector's file, in its order. */
const PARTS = [258 * 256, 128 * 129 * 3, 128, 64 * 128 * 3, 64, 64 * 64 * 3, 64, 128 * 64 * 3, 128, 512 * 128, 512 * 128, 512, 128, 1];
/** Of the spectrum, the one that is heard: 500 Hz. */
const BIN = 8;

/** A network that takes a tone of 500 Hz for a voice, and nothing else: one number of the spectrum goes through all layers. */
export function toneDetector(): ArrayBuffer {
  const parts = PARTS.map((length) => new Float32Array(length));
  const put = (part: number, at: number, value: number): void => void (parts[part] as Float32Array).fill(value, at, at + 1);
  for (let i = 0; i < 256; i += 1) {
    put(0, BIN * 256 + i, Math.cos((2 * Math.PI * BIN * i) / 256));
    put(0, (129 + BIN) * 256 + i, Math.sin((2 * Math.PI * BIN * i) / 256));
  }
  // The step in the middle of the first input, for the first output.
  put(1, BIN * 3 + 1, 1);
  for (const part of [3, 5, 7]) put(part, 1, 1);
  // It is taken in (input gate), nothing is remembered (forget gate), and it is said (output gate).
  put(11, 0, 10);
  put(11, 128, -10);
  put(9, 256 * 128, 1);
  put(11, 384, 10);
  put(12, 0, 40);
  put(13, 0, -15);
  return Float32Array.from(parts.flatMap((part) => [...part])).buffer;
}

export const toneNetwork = (): VoiceNetwork => new VoiceNetwork(toneDetector());

/** Samples of a tone, by default the one that is heard. */
export const tone = (samples: number, hertz = 500): Int16Array => Int16Array.from({ length: samples }, (_, i) => Math.round(16_000 * Math.sin((2 * Math.PI * hertz * i) / 16_000)));
