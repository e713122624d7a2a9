import { fileURLToPath } from 'node:url';
import type { AudioSource } from '../audio/audio-source.js';
import { type OpenedAudio, SAMPLE_RATE } from '../audio/opened-audio.js';

/** Sounds and files for specs. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
export const sample = (name: string): string => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));

export function memorySource(bytes: Uint8Array): AudioSource & { readonly reads: { start: number; length: number }[] } {
  const reads: { start: number; length: number }[] = [];
  return {
    sizeBytes: bytes.length,
    reads,
    read: (start, length) => {
      reads.push({ start, length });
      return Promise.resolve(bytes.subarray(start, start + length));
    },
  };
}

export const seconds = (count: number): number => Math.round(count * SAMPLE_RATE);

export function silence(length: number): Float32Array {
  return new Float32Array(length);
}

export function tone(length: number, frequency: number, amplitude = 0.3): Float32Array {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE));
}

/** Numbers between -1 and 1 that look random and are the same every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function noise(length: number, amplitude: number, seed = 1): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from({ length }, () => amplitude * next());
}

/** Voss's method: the sum of noises that change ever more rarely. */
export function pinkNoise(length: number, amplitude: number, seed = 1): Float32Array {
  const next = randomNumbers(seed);
  const rows = new Float32Array(12);
  return Float32Array.from({ length }, (_, i) => {
    rows.forEach((_row, row) => {
      if (i % 2 ** row === 0) rows[row] = next();
    });
    return (amplitude * rows.reduce((sum, row) => sum + row, 0)) / rows.length;
  });
}

/** Something with the ups and downs of speech, for guards that look at levels only. */
export function babble(length: number, amplitude: number, seed = 1): Float32Array {
  const next = randomNumbers(seed);
  const steps = Array.from({ length: Math.ceil(length / 1600) + 2 }, () => Math.max(0.01, next()));
  return Float32Array.from({ length }, (_, i) => {
    const step = Math.floor(i / 1600);
    const part = (i % 1600) / 1600;
    return amplitude * next() * ((steps[step] ?? 0) * (1 - part) + (steps[step + 1] ?? 0) * part);
  });
}

export function joined(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Audio in memory as if it were being decoded, in pieces of the given length. */
export function openedSound(channels: readonly Float32Array[], options: { piece?: number; truncated?: boolean; failAt?: number } = {}): OpenedAudio & { closed: number } {
  const piece = options.piece ?? 8000;
  const length = channels[0]?.length ?? 0;
  async function* frames(): AsyncGenerator<Float32Array[]> {
    for (let start = 0; start < length; start += piece) {
      await Promise.resolve();
      if (options.failAt !== undefined && start >= options.failAt) throw new Error('the storage is away');
      yield channels.map((samples) => samples.slice(start, start + piece));
    }
  }
  const audio = {
    mediaType: 'audio/wav',
    channelCount: channels.length as 1 | 2,
    durationMs: null,
    frames: frames(),
    truncated: options.truncated ?? false,
    closed: 0,
    close: () => {
      audio.closed += 1;
      return Promise.resolve();
    },
  };
  return audio;
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}
