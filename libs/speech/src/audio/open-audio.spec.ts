import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { collect, fixture, joined, memorySource, randomNumbers, seconds, tone } from '../testing/sounds.js';
import { wave } from '../testing/wave.js';
import { fileAudioSource } from './audio-source.js';
import { openAudio } from './open-audio.js';

async function decode(bytes: Uint8Array) {
  const audio = await openAudio(memorySource(bytes));
  const frames = await collect(audio.frames);
  const channels = Array.from({ length: audio.channelCount }, (_, channel) => joined(...frames.map((each) => each[channel]!)));
  return { ...audio, channels, truncated: audio.truncated };
}

/** By zero crossings; leaves out the first and last tenth, where codecs fade. */
function frequencyOf(samples: Float32Array): number {
  const part = samples.subarray(samples.length / 10, (samples.length * 9) / 10);
  let crossings = 0;
  for (let i = 1; i < part.length; i += 1) if (part[i - 1]! < 0 && part[i]! >= 0) crossings += 1;
  return (crossings * 16_000) / part.length;
}

describe('openAudio', () => {
  it.each([
    ['tone.mp3', 'audio/mpeg'],
    ['tone.m4a', 'audio/mp4'],
    ['tone-faststart.m4a', 'audio/mp4'],
    ['tone.aac', 'audio/aac'],
    ['tone.ogg', 'audio/ogg'],
    ['tone-vorbis.ogg', 'audio/ogg'],
    ['tone.webm', 'audio/webm'],
    ['tone.flac', 'audio/flac'],
    ['tone.amr', 'audio/amr'],
    ['tone.wma', 'audio/x-ms-wma'],
    ['tone.aiff', 'audio/aiff'],
    ['tone.caf', 'audio/x-caf'],
    ['video.mp4', 'video/mp4'],
    ['video.mov', 'video/quicktime'],
    ['video.webm', 'video/webm'],
  ])('reads %s', async (name, mediaType) => {
    const audio = await decode(await readFile(fixture(name)));
    expect(audio.mediaType).toBe(mediaType);
    expect(audio.channelCount).toBe(1);
    expect(audio.truncated).toBe(false);
    expect(Math.abs((audio.durationMs ?? 0) - 3000)).toBeLessThan(150);
    expect(Math.abs(audio.channels[0]!.length - seconds(3))).toBeLessThan(seconds(0.15));
    expect(Math.abs(frequencyOf(audio.channels[0]!) - 440)).toBeLessThan(5);
  });

  it.each(['u8', 's16', 's24', 's32', 'f32', 'mulaw'] as const)('reads wav of %s samples at any rate', async (format) => {
    for (const rate of [8000, 44_100, 48_000]) {
      const audio = await decode(wave([tone(rate * 2, (440 * 16_000) / rate, 0.5)], rate, format));
      expect(audio).toMatchObject({ mediaType: 'audio/wav', durationMs: 2000, truncated: false });
      expect(Math.abs(audio.channels[0]!.length - seconds(2))).toBeLessThan(32);
      expect(Math.abs(frequencyOf(audio.channels[0]!) - 440)).toBeLessThan(5);
      expect(Math.max(...audio.channels[0]!)).toBeCloseTo(0.5, 1);
    }
  });

  it('keeps two different channels apart', async () => {
    const audio = await decode(await readFile(fixture('two-tones.mp3')));
    expect(audio.channels.map((channel) => Math.round(frequencyOf(channel) / 10) * 10)).toEqual([440, 660]);
  });

  it('makes one channel of the same sound twice, and of more than two', async () => {
    expect((await decode(await readFile(fixture('same-twice.mp3')))).channelCount).toBe(1);
    const sound = tone(16_000, 300);
    expect((await decode(wave([sound, sound, sound, sound], 16_000))).channelCount).toBe(1);
  });

  it('keeps a dead second channel', async () => {
    const audio = await decode(wave([tone(32_000, 300), new Float32Array(32_000)], 16_000));
    expect(audio.channelCount).toBe(2);
    expect(Math.max(...audio.channels[1]!)).toBe(0);
  });

  it('reads by place, not the whole file: an index at the end is found', async () => {
    const bytes = await readFile(fixture('tone.m4a'));
    const source = memorySource(bytes);
    await collect((await openAudio(source)).frames);
    expect(source.reads.every(({ start, length }) => start + length <= bytes.length)).toBe(true);
  });

  it('opens a file of the file system', async () => {
    const source = await fileAudioSource(fixture('tone.flac'));
    const audio = await openAudio(source);
    expect(joined(...(await collect(audio.frames)).map(([first]) => first!))).toHaveLength(seconds(3));
    await source.close();
  });
});

describe('openAudio of what is no recording', () => {
  const random = randomNumbers(7);
  it.each([
    ['nothing', new Uint8Array(0), 'not-audio'],
    ['random bytes', Uint8Array.from({ length: 200_000 }, () => (random() + 1) * 127), 'not-audio'],
    ['text', Buffer.from('Notes of the session. '.repeat(500)), 'not-audio'],
    ['a playlist that names another file', Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile:///etc/passwd\n'), 'not-audio'],
    ['a list for joining files', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), 'not-audio'],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n'.repeat(100)), 'not-audio'],
    ['the first bytes of a wav', wave([tone(16_000, 440)], 16_000).subarray(0, 30), 'audio-damaged'],
  ])('says so of %s', async (_, bytes, code) => {
    await expect(openAudio(memorySource(bytes))).rejects.toMatchObject({ name: 'AudioError', code, retryable: false });
  });

  it('says so of a video without sound', async () => {
    await expect(openAudio(memorySource(await readFile(fixture('silent-video.mp4'))))).rejects.toMatchObject({ code: 'no-audio-track' });
  });

  it('says so of an mp4 whose index was never written', async () => {
    const bytes = await readFile(fixture('tone.m4a'));
    await expect(openAudio(memorySource(bytes.subarray(0, bytes.length / 2)))).rejects.toMatchObject({ code: 'audio-damaged' });
  });
});

describe('openAudio of a file that was cut', () => {
  it.each(['tone.mp3', 'tone-faststart.m4a', 'tone.ogg', 'tone.webm', 'tone.flac', 'tone.aiff'])('delivers what is left of %s and says so', async (name) => {
    const bytes = await readFile(fixture(name));
    const audio = await decode(bytes.subarray(0, Math.floor(bytes.length / 3)));
    expect(audio.truncated).toBe(true);
    expect(audio.channels[0]!.length).toBeGreaterThan(seconds(0.1));
    expect(audio.channels[0]!.length).toBeLessThan(seconds(2.5));
  });

  it('delivers what is left of a wav', async () => {
    const audio = await decode(wave([tone(64_000, 440)], 16_000).subarray(0, 70_000));
    expect(audio.truncated).toBe(true);
    expect(audio.channels[0]!.length).toBeGreaterThan(seconds(2));
  });

  it('survives any single damaged stretch of any format', async () => {
    for (const name of ['tone.mp3', 'tone.m4a', 'tone.ogg', 'tone.webm', 'tone.flac', 'tone.amr', 'video.mp4']) {
      const bytes = Uint8Array.from(await readFile(fixture(name)));
      const next = randomNumbers(name.length);
      for (let i = Math.floor(bytes.length / 2); i < bytes.length / 2 + 200; i += 1) bytes[i] = (next() + 1) * 127;
      const audio = await decode(bytes).catch((error: unknown) => error);
      // Either some sound, or an error that names the file as its cause.
      expect(audio).toEqual(expect.objectContaining(audio instanceof Error ? { name: 'AudioError' } : { mediaType: expect.any(String) }));
    }
  });
});

describe('openAudio in use', () => {
  const long = wave([tone(seconds(60), 440)], 16_000);

  it('passes on what the source rejects with', async () => {
    const fault = new Error('the storage is away');
    await expect(openAudio({ sizeBytes: 1000, read: () => Promise.reject(fault) })).rejects.toBe(fault);
    const source = memorySource(long);
    let reads = 0;
    const audio = await openAudio({ sizeBytes: long.length, read: (start, length) => ((reads += 1) > 3 ? Promise.reject(fault) : source.read(start, length)) });
    await expect(collect(audio.frames)).rejects.toBe(fault);
  });

  it('decodes no further than it is read', async () => {
    const source = memorySource(long);
    const audio = await openAudio(source);
    const frames = audio.frames[Symbol.asyncIterator]();
    await frames.next();
    const bytesRead = () => source.reads.reduce((sum, { length }) => sum + length, 0);
    // The head, the tail and a few seconds ahead, of a minute.
    expect(bytesRead()).toBeLessThan(long.length * 0.6);
    const before = bytesRead();
    await audio.close();
    expect(bytesRead()).toBe(before);
  });

  it('stops at once when its signal is aborted', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const audio = await openAudio(memorySource(long), { signal: controller.signal });
    const frames = audio.frames[Symbol.asyncIterator]();
    await frames.next();
    controller.abort(reason);
    await expect(frames.next()).rejects.toBe(reason);
    await expect(openAudio(memorySource(long), { signal: controller.signal })).rejects.toBe(reason);
  });

  it('can be closed at any time and more than once', async () => {
    const audio = await openAudio(memorySource(long));
    await audio.close();
    await audio.close();
    await expect(collect(audio.frames)).rejects.toThrow('closed');
  });
});
