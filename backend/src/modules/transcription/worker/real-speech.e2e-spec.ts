import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/index.js';
import { TranscriptionStack } from '../../../../test/transcription/transcription-stack.js';

const SAMPLES = new URL('../../../../../libs/speech/samples/', import.meta.url);

interface Turn {
  channel: number;
  words: string;
}

let stack: TranscriptionStack;
beforeAll(async () => {
  const modelDir = process.env['AUSCULT_MODEL_DIR'];
  if (!modelDir) throw new Error('Set AUSCULT_MODEL_DIR to a folder with the speech model to run these tests');
  stack = await TranscriptionStack.start({ env: { AUSCULT_RECOGNIZER: 'moonshine', AUSCULT_MODEL_DIR: modelDir } });
  await stack.startWorker();
});
afterAll(() => stack.close());

const plain = (text: string) => text.toLowerCase().replace(/[^a-z' ]/g, ' ').split(/\s+/).filter((word) => word !== '');

async function transcribed(file: string) {
  const { owner } = stack.people;
  const { id } = (await owner.upload(await readFile(new URL(file, SAMPLES)), file)).body;
  await eventually(async () => (await owner.recording(id)).body.status === 'completed', 150_000);
  return { recording: (await owner.recording(id)).body, transcript: await owner.transcript(id) };
}

describe('real speech by the real model', () => {
  it('is written down word for word', async () => {
    const { recording, transcript } = await transcribed('short.flac');
    const { words } = JSON.parse(await readFile(new URL('short.json', SAMPLES), 'utf8')) as { words: string };
    expect(recording).toMatchObject({ status: 'completed', mediaType: 'audio/flac', channelCount: 1, notices: [] });
    expect(transcript.engine).toBe('moonshine-base');
    expect(plain(transcript.segments.map(({ text }) => text).join(' '))).toEqual(plain(words));
  });

  it('keeps two channels apart', async () => {
    const { recording, transcript } = await transcribed('conversation.ogg');
    const turns = (JSON.parse(await readFile(new URL('conversation.json', SAMPLES), 'utf8')) as { turns: Turn[] }).turns;
    expect(recording).toMatchObject({ channelCount: 2, notices: [] });
    for (const speaker of transcript.speakers) {
      const said = plain(transcript.segments.filter(({ speakerId }) => speakerId === speaker.id).map(({ text }) => text).join(' '));
      const wanted = plain(turns.filter(({ channel }) => channel === speaker.channel).map(({ words }) => words).join(' '));
      expect(wordsOff(wanted, said) / wanted.length).toBeLessThan(0.2);
    }
  });
});

/** Words to put in, take out or change to make one list of the other (Levenshtein). */
function wordsOff(wanted: readonly string[], said: readonly string[]): number {
  let row = Array.from({ length: said.length + 1 }, (_, at) => at);
  for (const [index, word] of wanted.entries()) {
    const next = [index + 1];
    for (const [at, other] of said.entries()) {
      next.push(Math.min((row[at] ?? 0) + (word === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
