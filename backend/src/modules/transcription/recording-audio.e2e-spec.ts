import { randomUUID } from 'node:crypto';
import type { AudioLinkView, RecordingView } from '@auscult/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/index.js';
import { tonesWav } from '../../../test/transcription/tones.js';
import { TranscriptionStack } from '../../../test/transcription/transcription-stack.js';
import { PcmAudio, StoredObject } from '../storage/index.js';
import { Recording } from './recording.entity.js';
import { Speaker } from './speaker.entity.js';

const tones = tonesWav(3);

describe('the sound of a session that was recorded live', () => {
  let stack: TranscriptionStack;
  beforeAll(async () => {
    stack = await TranscriptionStack.start();
    await stack.stack.startWorker();
  });
  afterAll(() => stack.close());

  /** Twelve seconds of tones in parts of two seconds; `completed`, as the end of a session leaves it. */
  async function liveRecording(): Promise<string> {
    const id = randomUUID();
    const ownerId = stack.people.owner.userId ?? '';
    const samples = new Int16Array(tones.buffer.slice(tones.byteOffset + 44, tones.byteOffset + tones.length));
    const pcm = stack.get(PcmAudio);
    const em = stack.em;
    const facts = { id, ownerId, title: 'Live visit', mediaType: 'audio/wav', sizeBytes: tones.length };
    em.persist(Object.assign(Recording.submit(facts, new Date()), { status: 'completed', liveSource: 'file', channelCount: 1, durationMs: 12_000 }));
    await em.flush();
    em.persist(Speaker.ofChannel(id, 0, 0));
    await em.flush();
    for (let startSample = 0; startSample < samples.length; startSample += 32_000) {
      const part = samples.subarray(startSample, startSample + 32_000);
      const objectId = await pcm.write(ownerId, part);
      await em.transactional((inner) => pcm.attach(inner, id, { channel: 0, startSample, sampleCount: part.length, objectId }));
    }
    return id;
  }
  const linkOf = async (id: string) => (await stack.people.owner.post<AudioLinkView>(`/api/recordings/${id}/audio-link`, { disposition: 'attachment' })).body;

  it('is played and saved as one WAV file', async () => {
    const link = await linkOf(await liveRecording());
    expect(link.mediaType).toBe('audio/wav');
    const response = await fetch(`${stack.url}${link.url}`);
    expect(response.headers.get('content-disposition')).toContain('Live visit.wav');
    expect(Buffer.from(await response.arrayBuffer()).equals(tones)).toBe(true);
  });

  it('can be heard a second time, like an upload', async () => {
    const { owner } = stack.people;
    const id = await liveRecording();
    expect((await owner.post<RecordingView>(`/api/recordings/${id}/retry`)).status).toBe(200);
    const done = await eventually(async () => {
      const { body } = await owner.recording(id);
      return /done|failed/.test(body.secondPass?.state ?? '') ? body : null;
    });
    expect(done).toMatchObject({ status: 'completed', durationMs: 12_000, channelCount: 1, failure: null, secondPass: { state: 'done' } });
    expect((await owner.transcript(id)).segments.map(({ text }) => text)).toEqual(['Tone 200', 'Tone 400', 'Tone 600']);
  });

  it('is gone with the recording', async () => {
    const id = await liveRecording();
    const link = await linkOf(id);
    const left = await stack.em.count(StoredObject);
    expect((await stack.people.owner.delete(`/api/recordings/${id}`)).status).toBe(204);
    expect((await fetch(`${stack.url}${link.url}`)).status).toBe(404);
    expect((await stack.get(PcmAudio).extent(id)).samples).toBe(0);
    await eventually(async () => ((await stack.em.count(StoredObject)) === left - 6 ? true : null));
  });
});
