export type WaveFormat = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'mulaw';

const PCM = 1;
const FLOAT = 3;
const MULAW = 7;
const kinds: Record<WaveFormat, { tag: number; bytes: number }> = {
  u8: { tag: PCM, bytes: 1 },
  s16: { tag: PCM, bytes: 2 },
  s24: { tag: PCM, bytes: 3 },
  s32: { tag: PCM, bytes: 4 },
  f32: { tag: FLOAT, bytes: 4 },
  mulaw: { tag: MULAW, bytes: 1 },
};

/** G.711 mu-law: sign, three bits of exponent, four of mantissa, all inverted. */
function mulaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(Math.round(sample * 32_767))) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  return ~((sample < 0 ? 128 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 255;
}

function write(bytes: Buffer, at: number, sample: number, format: WaveFormat): void {
  if (format === 'u8') bytes.writeUInt8(Math.round(sample * 127) + 128, at);
  if (format === 's16') bytes.writeInt16LE(Math.round(sample * 32_767), at);
  if (format === 's24') bytes.writeIntLE(Math.round(sample * 8_388_607), at, 3);
  if (format === 's32') bytes.writeInt32LE(Math.round(sample * 2_147_483_647), at);
  if (format === 'f32') bytes.writeFloatLE(sample, at);
  if (format === 'mulaw') bytes.writeUInt8(mulaw(sample), at);
}

/** A RIFF wave file of the given channels. */
export function wave(channels: readonly Float32Array[], rate: number, format: WaveFormat = 's16'): Buffer {
  const { tag, bytes } = kinds[format];
  const length = channels[0]?.length ?? 0;
  const frame = bytes * channels.length;
  const file = Buffer.alloc(44 + length * frame);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(tag, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * frame, 28);
  file.writeUInt16LE(frame, 32);
  file.writeUInt16LE(bytes * 8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(length * frame, 40);
  channels.forEach((samples, channel) => {
    for (let i = 0; i < length; i += 1) write(file, 44 + i * frame + channel * bytes, samples[i] ?? 0, format);
  });
  return file;
}
