const RATE = 16_000;

/**
 * A 16-bit wav of tones: one second each, `gapSeconds` of silence after it, 200 Hz higher every time. What the fake recogniser is
 * made to hear.
 */
export function tonesWav(count: number, { gapSeconds = 3, channels = 1 }: { gapSeconds?: number; channels?: 1 | 2 } = {}): Buffer {
  const period = RATE * (1 + gapSeconds);
  const samples = new Int16Array(count * period * channels);
  for (let tone = 0; tone < count; tone += 1) {
    for (let at = 0; at < RATE; at += 1) {
      const frame = (tone * period + at) * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        const hertz = 200 + 200 * ((tone + channel) % 20);
        samples[frame + channel] = Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / RATE));
      }
    }
  }
  return wav(samples, channels);
}

export function silenceWav(seconds: number): Buffer {
  return wav(new Int16Array(seconds * RATE), 1);
}

function wav(samples: Int16Array, channels: number): Buffer {
  const header = Buffer.alloc(44);
  const bytes = samples.byteLength;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
