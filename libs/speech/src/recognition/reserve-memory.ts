import { SAMPLE_RATE } from '../audio/opened-audio.js';
import type { Recognizer } from './recognizer.js';

/**
 * Has noise of so many samples heard, `parallel` times at once: on the CPU the engine keeps the memory that this takes. Else a process would grow for hours, each
 * time that longer sound is heard beside other long sound than ever before.
 */
export async function reserveMemory(recognizer: Recognizer, samples: number, parallel: number): Promise<void> {
  const noise = Float32Array.from({ length: samples }, (_, i) => Math.sin((i * i) / SAMPLE_RATE) / 10);
  await Promise.all(Array.from({ length: parallel }, () => recognizer.recognize(noise)));
}
