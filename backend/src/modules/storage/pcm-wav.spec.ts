import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { PcmWav, type ReadSamples, interleave, wavHeader } from './pcm-wav.js';

describe('wavHeader', () => {
  it('says what is in the file, byte by byte', () => {
    const header = wavHeader(2, 3);
    expect(header.toString('latin1', 0, 4)).toBe('RIFF');
    expect(header.readUInt32LE(4)).toBe(36 + 12);
    expect(header.toString('latin1', 8, 16)).toBe('WAVEfmt ');
    expect([16, 20, 22, 24, 28, 32, 34].map((at) => (at === 16 || at === 24 || at === 28 ? header.readUInt32LE(at) : header.readUInt16LE(at)))).toEqual([
      16, 1, 2, 16_000, 64_000, 4, 16,
    ]);
    expect(header.toString('latin1', 36, 40)).toBe('data');
    expect(header.readUInt32LE(40)).toBe(12);
  });

  it('holds eight hours of two channels', () => {
    expect(wavHeader(2, 8 * 3_600 * 16_000).readUInt32LE(40)).toBe(1_843_200_000);
  });
});

describe('interleave', () => {
  it('weaves channels sample by sample', () => {
    expect([...interleave([Int16Array.of(1, 2), Int16Array.of(-1, -2)])]).toEqual([1, -1, 2, -2]);
    expect([...interleave([Int16Array.of(1, 2)])]).toEqual([1, 2]);
  });
});

describe('PcmWav', () => {
  const eightHours = 8 * 3_600 * 16_000;
  const counting = () => {
    const asked: [number, number, number][] = [];
    const read: ReadSamples = async (channel, from, until) => {
      asked.push([channel, from, until]);
      return Int16Array.from({ length: until - from }, (_, at) => ((from + at) % 30_000) * (channel === 0 ? 1 : -1));
    };
    return { asked, read };
  };

  it('asks only for the samples that a range needs, however far behind', async () => {
    const { asked, read } = counting();
    const wav = new PcmWav(read, 2, eightHours, 'v');
    expect(wav.sizeBytes).toBe(44 + 1_843_200_000);
    const bytes = await buffer(wav.read({ start: wav.sizeBytes - 6, end: wav.sizeBytes + 100 }));
    const last = (eightHours - 1) % 30_000;
    const expected = Buffer.alloc(6);
    [-(last - 1), last, -last].forEach((sample, at) => expected.writeInt16LE(sample, 2 * at));
    expect(bytes.equals(expected)).toBe(true);
    expect(asked).toEqual([[0, eightHours - 2, eightHours], [1, eightHours - 2, eightHours]]);
  });

  it('asks for nothing beyond what its reader takes', async () => {
    const { asked, read } = counting();
    const stream = new PcmWav(read, 1, eightHours, 'v').read();
    const parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (let taken = 0; taken < 10; taken++) await parts.next();
    stream.destroy();
    expect(Math.max(...asked.map(([, from, until]) => until - from))).toBeLessThanOrEqual(64_000);
    expect(asked.length).toBeLessThanOrEqual(16);
  });

  it('gives only the header where only that was asked for', async () => {
    const { asked, read } = counting();
    expect(await buffer(new PcmWav(read, 1, 100, 'v').read({ start: 0, end: 43 }))).toEqual(wavHeader(1, 100));
    expect(asked).toEqual([]);
  });

  it('fails when the samples cannot be read', async () => {
    const wav = new PcmWav(() => Promise.reject(new Error('the store is away')), 1, 100, 'v');
    await expect(buffer(wav.read())).rejects.toThrow('the store is away');
  });
});
