import { readFile } from 'node:fs/promises';
import { wordErrorRate } from '@auscult/speech';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveStack } from '../../../../../test/live/live-stack.js';
import { sampleSound } from '../../../../../test/live/sample-sound.js';

const SAMPLES = new URL('../../../../../../libs/speech/samples/', import.meta.url);

let stack: LiveStack;
beforeAll(async () => {
  const modelDir = process.env['AUSCULT_MODEL_DIR'];
  if (!modelDir) throw new Error('Set AUSCULT_MODEL_DIR to a folder with the speech model to run these tests');
  stack = await LiveStack.start({ env: { AUSCULT_RECOGNIZER: 'moonshine', AUSCULT_MODEL_DIR: modelDir } });
  await stack.startWorker();
});
afterAll(() => stack.close());

/** Sends a sample faster than it was spoken. */
async function transcribed(file: string) {
  const sound = await sampleSound(file);
  const sender = await stack.open(sound);
  const recording = await stack.complete(sender);
  expect(await stack.differences(sender.recordingId, sound)).toEqual([]);
  return { recording, transcript: await stack.owner.transcript(sender.recordingId) };
}

describe('real speech by the real model, live', () => {
  it('is written down nearly word for word', async () => {
    const { recording, transcript } = await transcribed('short.flac');
    const { words } = JSON.parse(await readFile(new URL('short.json', SAMPLES), 'utf8')) as { words: string };
    expect(recording).toMatchObject({ status: 'completed', notices: [], channelCount: 1 });
    expect(transcript.engine).toBe('moonshine-base');
    expect(wordErrorRate(words, transcript.segments.map(({ text }) => text).join(' ')).rate).toBeLessThan(0.1);
  });

  it('keeps two channels apart', async () => {
    const { recording, transcript } = await transcribed('conversation.ogg');
    const { turns } = JSON.parse(await readFile(new URL('conversation.json', SAMPLES), 'utf8')) as { turns: { channel: number; words: string }[] };
    expect(recording).toMatchObject({ channelCount: 2, notices: [] });
    for (const { id, channel } of transcript.speakers) {
      const said = transcript.segments.filter(({ speakerId }) => speakerId === id).map(({ text }) => text).join(' ');
      const wanted = turns.filter((turn) => turn.channel === channel).map(({ words }) => words).join(' ');
      expect(wordErrorRate(wanted, said).rate).toBeLessThan(0.2);
    }
  });
});
