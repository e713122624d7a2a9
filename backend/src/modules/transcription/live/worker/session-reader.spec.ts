import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { describe, expect, it } from '@jest/globals';
import type { LiveFrames, LivePlace } from '../live-audio-stream.js';
import type { FrameRange, Frames } from './frames.js';
import type { LiveAudioReads } from './live-audio-reads.service.js';
import { FramesMissingError, SessionReader } from './session-reader.js';

/** Frames whose samples all hold the number of the frame. */
function entry(first: number, frames: number): LiveFrames {
  const samples = Int16Array.from({ length: frames * LIVE_FRAME_SAMPLES }, (_, at) => first + Math.floor(at / LIVE_FRAME_SAMPLES));
  return { first, frames, audio: Buffer.from(samples.buffer) };
}

function readerOf(entries: readonly LiveFrames[], { offRecord = [], position = 0 }: { offRecord?: FrameRange[]; position?: number } = {}): SessionReader {
  const read = (place: LivePlace) => Promise.resolve(entries.filter(({ first, frames }) => first + frames > place.position));
  const { signal } = new AbortController();
  return new SessionReader({ read } as unknown as LiveAudioReads, { recordingId: 'r', channelCount: 1, offRecord, signal }, position);
}

const numbers = (read: readonly Frames[]) => read.flatMap(({ samples }) => [...samples].filter((_, at) => at % LIVE_FRAME_SAMPLES === 0));

async function all(reader: SessionReader, until: number): Promise<number[]> {
  const found: number[] = [];
  while (reader.position < until) found.push(...numbers(await reader.read()));
  return found;
}

describe('SessionReader', () => {
  it('gives each frame once, whatever comes again', async () => {
    const reader = readerOf([entry(0, 3), entry(2, 4), entry(6, 2)], { position: 1 });
    expect(await all(reader, 8)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('stops at the announced end', async () => {
    const reader = readerOf([entry(0, 8)]);
    reader.end = 5;
    expect(await all(reader, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(reader.isAtEnd).toBe(true);
    expect(await reader.read()).toEqual([]);
  });

  it('is silent where nothing may be heard, whether frames are there or not', async () => {
    const gone = readerOf([entry(1, 2), entry(6, 2)], { position: 1, offRecord: [{ from: 3, until: 6 }] });
    expect(await all(gone, 8)).toEqual([1, 2, 0, 0, 0, 6, 7]);
    const there = readerOf([entry(1, 7)], { position: 1, offRecord: [{ from: 3, until: 6 }] });
    expect(await all(there, 8)).toEqual([1, 2, 0, 0, 0, 6, 7]);
  });

  it('is silent up to the end where the rest is off the record', async () => {
    const reader = readerOf([entry(1, 1)], { position: 1, offRecord: [{ from: 2, until: 4 }, { from: 3, until: 900 }] });
    reader.end = 900;
    expect(await all(reader, 900)).toEqual([1, ...new Array<number>(898).fill(0)]);
  });

  it('reads on where nothing at all was put off the record', async () => {
    expect(numbers(await readerOf([entry(0, 2)], { offRecord: [{ from: 0, until: 0 }] }).read())).toEqual([0, 1]);
  });

  it('takes nothing for an answer only where nothing is owed', async () => {
    expect(await readerOf([]).read(false)).toEqual([]);
    await expect(readerOf([]).read(true)).rejects.toThrow(FramesMissingError);
  });

  it('does not jump over frames that are missing', async () => {
    const reader = readerOf([entry(0, 2), entry(3, 2)]);
    await expect(reader.read()).rejects.toThrow(FramesMissingError);
    expect(reader.position).toBe(2);
  });
});
