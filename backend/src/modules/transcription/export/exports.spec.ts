import { inflateRawSync } from 'node:zlib';
import { TranscriptExport, type Word } from '@auscult/contracts';
import { describe, expect, it } from '@jest/globals';
import { Recording } from '../recording.entity.js';
import { Segment } from '../segment.entity.js';
import { Speaker } from '../speaker.entity.js';
import { LINE_LENGTH, cuesOf } from './cues.js';
import type { ExportedTranscript } from './exported-transcript.js';
import { jsonExport } from './json-export.js';
import { subripExport } from './subrip-export.js';
import { textExport } from './text-export.js';
import { webvttExport } from './webvtt-export.js';
import { wordDocumentExport } from './word-document-export.js';

const RECORDING = '018f4e3a-0000-4000-8000-000000000001';
const now = new Date('2026-03-01T10:05:00Z');
const speakers = [Speaker.ofChannel(RECORDING, 0, 0), Speaker.ofChannel(RECORDING, 1, 1)];

/** Words of 300 ms each, 100 ms apart. */
function wordsOf(text: string, startMs: number): Word[] {
  return text.split(' ').map((word, index) => ({ text: word, startMs: startMs + index * 400, endMs: startMs + index * 400 + 300 }));
}

function segment(index: number, channel: 0 | 1, startMs: number, text: string, words = wordsOf(text, startMs)): Segment {
  const endMs = words.at(-1)?.endMs ?? startMs + 1000;
  const speakerId = speakers[channel]?.id ?? '';
  return Segment.recognized(RECORDING, speakerId, { index, channel, startMs, endMs, text, words, wordTiming: 'estimated' }, now);
}

function transcript(segments: Segment[], title = 'First visit'): ExportedTranscript {
  const recording = Recording.submit({ id: RECORDING, ownerId: RECORDING, title, mediaType: 'audio/wav', sizeBytes: 10 }, now);
  async function* pages() {
    for (let at = 0; at < segments.length; at += 2) yield segments.slice(at, at + 2);
  }
  return { recording, speakers, pages: pages() };
}

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

describe('textExport', () => {
  it('has one line for each segment', async () => {
    const text = await textOf(textExport(transcript([segment(0, 0, 0, 'Good morning.'), segment(1, 1, 3_661_000, 'Good\n\nmorning.', [])])));
    expect(text).toBe('First visit\n2026-03-01 10:05 UTC\n\n[00:00:00] Speaker 1: Good morning.\n[01:01:01] Speaker 2: Good morning.\n');
  });
});

describe('cuesOf', () => {
  const long = 'I have been sleeping badly since the end of January and it gets worse whenever I travel for work. '.repeat(4).trim();

  it('has at most two lines of 42 characters and no more than seven seconds in a cue, and every word once', () => {
    const cues = cuesOf(segment(0, 0, 1000, long));
    expect(cues.length).toBeGreaterThan(3);
    for (const { lines, startMs, endMs } of cues) {
      expect(lines.length).toBeLessThanOrEqual(2);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(LINE_LENGTH);
      expect(endMs - startMs).toBeLessThanOrEqual(7000);
    }
    expect(cues.flatMap(({ lines }) => lines).join(' ')).toBe(long);
  });

  it('takes its times from the words', () => {
    const cues = cuesOf(segment(0, 0, 1000, long));
    expect(cues[0]?.startMs).toBe(1000);
    for (const [index, cue] of cues.entries()) expect(cue.startMs).toBeGreaterThanOrEqual(cues[index - 1]?.endMs ?? 0);
  });

  it('cuts at a pause', () => {
    const words = [...wordsOf('Well', 0), ...wordsOf('maybe', 5000)];
    expect(cuesOf(segment(0, 0, 0, 'Well maybe', words)).map(({ lines }) => lines)).toEqual([['Well'], ['maybe']]);
  });

  it('shows a text without words as long as the segment lasts, and nothing of an empty one', () => {
    expect(cuesOf(segment(0, 0, 500, 'Hello', []))).toMatchObject([{ startMs: 500, endMs: 1500, lines: ['Hello'] }]);
    expect(cuesOf(segment(0, 0, 500, '', []))).toEqual([]);
  });
});

describe('subripExport', () => {
  it('numbers cues, names speakers and keeps arrows out of the text', async () => {
    const text = await textOf(subripExport(transcript([segment(0, 0, 0, 'Look --> there'), segment(1, 1, 3000, 'Where?')])));
    expect(text).toBe(
      '1\n00:00:00,000 --> 00:00:01,100\nSpeaker 1: Look -> there\n\n2\n00:00:03,000 --> 00:00:03,300\nSpeaker 2: Where?\n\n',
    );
  });
});

describe('webvttExport', () => {
  it('escapes markup and arrows and names the speaker', async () => {
    const text = await textOf(webvttExport(transcript([segment(0, 0, 0, 'a <b> & --> c')])));
    expect(text).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:01.900\n<v Speaker 1>a &lt;b&gt; &amp; --&gt; c</v>\n\n');
  });

  it('puts cues of overlapping channels in order of time', async () => {
    const monologue = 'one two three four five six seven eight nine ten '.repeat(6).trim();
    const segments = [segment(0, 0, 0, monologue), segment(1, 1, 5000, 'yes'), segment(2, 1, 9000, 'right')];
    const starts = [...(await textOf(webvttExport(transcript(segments)))).matchAll(/^(\d\d:\d\d:\d\d\.\d{3}) -->/gm)].map(([, start]) => start);
    expect(starts).toEqual([...starts].sort());
    expect(starts).toContain('00:00:05.000');
  });
});

describe('jsonExport', () => {
  it('is a TranscriptExport', async () => {
    const segments = [0, 1, 2].map((index) => segment(index, 0, index * 5000, 'Quote " and \u2028'));
    const parsed = TranscriptExport.parse(JSON.parse(await textOf(jsonExport(transcript(segments)))));
    expect(parsed.recording.title).toBe('First visit');
    expect(parsed.segments.map(({ text }) => text)).toEqual(Array(3).fill('Quote " and \u2028'));
  });

  it('is one for an empty transcript too', async () => {
    expect(TranscriptExport.parse(JSON.parse(await textOf(jsonExport(transcript([]))))).segments).toEqual([]);
  });
});

describe('wordDocumentExport', () => {
  it('holds title, speakers, times and texts, escaped', async () => {
    const segments = [segment(0, 0, 0, 'a <b> & \u0001c'), segment(1, 0, 5000, 'again'), segment(2, 1, 9000, 'other')];
    const xml = partOf(await wordDocumentExport(transcript(segments, 'Visit <1>')), 'word/document.xml');
    expect(xml).toContain('Visit &lt;1&gt;');
    expect(xml).toContain('a &lt;b&gt; &amp; c');
    expect(xml.match(/Speaker 1/g)).toHaveLength(1);
    expect(xml.match(/Speaker 2/g)).toHaveLength(1);
    expect(xml).toContain('[00:00:09]');
    // eslint-disable-next-line no-control-regex -- none may be in there
    expect(xml).not.toMatch(/[\u0000-\u0008]/);
  });
});

/** One file out of a ZIP archive: found through the central directory, as sizes may stand behind the data. */
function partOf(zip: Buffer, name: string): string {
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    const length = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + length) !== name) continue;
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    return (zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('utf8');
  }
  throw new Error(`The archive has no ${name}`);
}
