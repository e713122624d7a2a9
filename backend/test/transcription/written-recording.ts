import { Recording } from '../../src/modules/transcription/recording.entity.js';
import { Segment } from '../../src/modules/transcription/segment.entity.js';
import { Speaker } from '../../src/modules/transcription/speaker.entity.js';
import { tonesWav } from './tones.js';
import type { TranscriptionStack } from './transcription-stack.js';

export interface Written {
  id: string;
  speakers: Speaker[];
  segments: Segment[];
}

/** Uploads a recording of the owner and writes a transcript of the given texts, five seconds each, as a worker would have. */
export async function writtenRecording(stack: TranscriptionStack, texts: readonly string[], title = 'First visit'): Promise<Written> {
  const { body } = await stack.people.owner.upload(tonesWav(1), 'session.wav', title);
  const em = stack.em;
  const recording = await em.findOneOrFail(Recording, { id: body.id });
  const now = new Date();
  recording.claim(body.id, now);
  recording.opened({ mediaType: 'audio/wav', channelCount: 2, durationMs: 4000, engine: 'fake' });
  const speakers = [Speaker.ofChannel(body.id, 0, 0), Speaker.ofChannel(body.id, 1, 1)];
  em.persist(speakers);
  await em.flush();
  const segments = texts.map((text, index) => segmentOf(body.id, speakers[index % 2]?.id ?? '', index, text, now));
  em.persist(segments);
  recording.advance(texts.length, texts.length * 5000, segments.reduce((sum, { words }) => sum + words.length, 0), now);
  const peaks = [Uint8Array.of(0, 100, 255), Uint8Array.of(1, 2, 3)];
  recording.complete({ durationMs: texts.length * 5000, notices: [], waveform: { binMs: 20, peaks } }, now);
  await em.flush();
  return { id: body.id, speakers, segments };
}

function segmentOf(recordingId: string, speakerId: string, index: number, text: string, now: Date): Segment {
  const startMs = index * 5000;
  const words = text.split(' ').map((word, at) => ({ text: word, startMs: startMs + at * 400, endMs: startMs + at * 400 + 300 }));
  const utterance = { index, channel: index % 2, startMs, endMs: startMs + 4500, text, words, wordTiming: 'estimated' as const };
  return Segment.recognized(recordingId, speakerId, utterance, now);
}
