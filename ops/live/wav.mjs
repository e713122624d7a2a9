import { open } from 'node:fs/promises';

const BLOCK_FRAMES = 16_384;

/** Why a file cannot be streamed; its message is for the person. */
export class SoundError extends Error {
  name = 'SoundError';
}

const decoders = {
  '1/8': { bytes: 1, read: (data, at) => (data.getUint8(at) - 128) / 128 },
  '1/16': { bytes: 2, read: (data, at) => data.getInt16(at, true) / 32_768 },
  '1/24': { bytes: 3, read: (data, at) => ((data.getInt8(at + 2) << 16) | data.getUint16(at, true)) / 8_388_608 },
  '1/32': { bytes: 4, read: (data, at) => data.getInt32(at, true) / 2_147_483_648 },
  '3/32': { bytes: 4, read: (data, at) => data.getFloat32(at, true) },
  '3/64': { bytes: 8, read: (data, at) => data.getFloat64(at, true) },
};

/**
 * Opens a WAV: `{ sampleRate, channelCount, blocks }`, where blocks are arrays of one Float32Array per channel, -1 to 1, read while
 * they are asked for. Answers null when the file is no WAV.
 * @throws SoundError for a WAV whose samples are of a kind that is not read here
 */
export async function openWav(path) {
  const file = await open(path, 'r');
  const found = await findChunks(file).finally(() => file.close());
  if (!found) return null;
  const { kind, bits, channelCount, sampleRate } = found.format;
  const decoder = decoders[`${kind}/${bits}`];
  if (!decoder || channelCount < 1) throw new SoundError(`A WAV of kind ${kind} with ${bits} bits is not read here.`);
  return { sampleRate, channelCount, blocks: blocksOf(path, { ...found, decoder, channelCount }) };
}

async function bytesAt(file, at, length) {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

async function findChunks(file) {
  const head = await bytesAt(file, 0, 12);
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return null;
  const { size } = await file.stat();
  let format = null;
  for (let at = 12; at + 8 <= size; ) {
    const chunk = await bytesAt(file, at, 48);
    const name = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    if (name === 'fmt ' && length >= 16) format = formatOf(chunk, length);
    // A recorder that was cut off, or still records, has not written the length.
    if (name === 'data' && format) return { format, dataAt: at + 8, dataBytes: Math.min(length === 0 ? size : length, size - at - 8) };
    at += 8 + length + (length % 2);
  }
  throw new SoundError('The WAV holds no sound.');
}

function formatOf(chunk, length) {
  const kind = chunk.readUInt16LE(8);
  // WAVE_FORMAT_EXTENSIBLE names the real kind in the first bytes of its sub-format.
  const extended = kind === 0xfffe && length >= 26;
  return { kind: extended ? chunk.readUInt16LE(32) : kind, channelCount: chunk.readUInt16LE(10), sampleRate: chunk.readUInt32LE(12), bits: chunk.readUInt16LE(22) };
}

async function* blocksOf(path, { decoder, dataAt, dataBytes, channelCount }) {
  const frameBytes = decoder.bytes * channelCount;
  const end = dataAt + dataBytes - (dataBytes % frameBytes);
  const file = await open(path, 'r');
  try {
    for (let at = dataAt; at < end; at += BLOCK_FRAMES * frameBytes) {
      const bytes = await bytesAt(file, at, Math.min(BLOCK_FRAMES * frameBytes, end - at));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const frames = Math.floor(bytes.length / frameBytes);
      yield Array.from({ length: channelCount }, (_, channel) => Float32Array.from({ length: frames }, (_sample, frame) => decoder.read(view, (frame * channelCount + channel) * decoder.bytes)));
    }
  } finally {
    await file.close();
  }
}
