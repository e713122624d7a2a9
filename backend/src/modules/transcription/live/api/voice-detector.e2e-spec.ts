import { AuscultClient, VoiceEnds, fixedAccessToken } from '@auscult/client';
import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { LIVE_PAUSE_SECONDS, SileroVoiceDetector } from '@auscult/speech';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { LiveSound } from '../../../../../test/live/live-sound.js';
import { sampleSound } from '../../../../../test/live/sample-sound.js';
import { TranscriptionStack } from '../../../../../test/transcription/transcription-stack.js';

const PATH = '/api/live/voice-detector';

let stack: TranscriptionStack;
afterEach(() => stack.close());

function modelDir(): string {
  const dir = process.env['AUSCULT_MODEL_DIR'];
  if (!dir) throw new Error('Set AUSCULT_MODEL_DIR to a folder with the speech model to run these tests');
  return dir;
}

/** Where voices end for the live worker, by channel, in samples. */
function endsForTheWorker({ channels }: LiveSound): number[] {
  const create = SileroVoiceDetector.from(modelDir(), LIVE_PAUSE_SECONDS);
  return channels.flatMap((samples) => create().accept(Float32Array.from(samples, (sample) => sample / 32_768)).map(({ end }) => end));
}

/** Numbers of the frames that a sender knows to be waited for. */
function awaitedBy(ends: VoiceEnds, sound: LiveSound): Set<number> {
  const frames = Array.from({ length: sound.frames }, (_, frame) => frame);
  return new Set(frames.filter((frame) => ends.hear(sound.bytes(frame, frame + 1))));
}

/** The frame with which so much silence after the end is surely complete: the windows of both may lie half a window apart. */
const frameWith = (end: number, silence: number) => Math.ceil((end + silence + 256) / LIVE_FRAME_SAMPLES) - 1;

describe('the voice detector for senders', () => {
  it('hears every end of a voice where the live worker does, and no other', async () => {
    stack = await TranscriptionStack.start({ env: { AUSCULT_MODEL_DIR: modelDir() } });
    const client = new AuscultClient({ baseUrl: stack.url, accessToken: fixedAccessToken(stack.people.owner.token ?? '') });
    const network = await client.live.voiceDetector();
    for (const file of ['conversation.ogg', 'short.flac']) {
      const sound = await sampleSound(file);
      const ends = endsForTheWorker(sound);
      expect(ends.length).toBeGreaterThan(3);
      const awaited = awaitedBy(new VoiceEnds(network, sound.channels.length), sound);
      const pauses = ends.map((end) => frameWith(end, sound.channels.length === 1 ? 3_200 : 5_120));
      const over = ends.map((end) => frameWith(end, 8_000));
      expect(pauses.filter((frame) => !awaited.has(frame))).toEqual([]);
      expect([...awaited].filter((frame) => !pauses.includes(frame) && !over.includes(frame))).toEqual([]);
      expect(over.filter((frame) => awaited.has(frame)).length).toBeGreaterThan(2);
    }
  });

  it('is for those who may record, and is the same for all of them', async () => {
    stack = await TranscriptionStack.start({ env: { AUSCULT_MODEL_DIR: modelDir() } });
    const { owner, admin, nobody } = stack.people;
    const { status, headers } = await owner.get(PATH);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'application/octet-stream', 'private, max-age=86400']);
    expect((await nobody.get(PATH)).status).toBe(401);
    expect((await admin.get(PATH)).status).toBe(403);
  });

  it('is not found where the server has no model', async () => {
    stack = await TranscriptionStack.start({ env: { AUSCULT_MODEL_DIR: '/nowhere' } });
    const { status, body } = await stack.people.owner.get(PATH);
    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});
