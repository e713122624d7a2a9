// The speech that live sessions say.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSample, loadUtterances } from './corpus.mjs';

const root = join(import.meta.dirname, '..', '..');
const sharedCorpus = join(root, '..', 'shared', 'corpora', 'librispeech-test-other');

/** { name, utterances: [{ samples, words }] }: the shared corpus, or that of another folder, where it is there, else the bundled sample. */
export async function loadLiveCorpus(folder = sharedCorpus) {
  if (!existsSync(folder)) return { name: 'the bundled sample', utterances: await loadSample(join(root, 'libs', 'speech', 'samples')) };
  const utterances = await loadUtterances(folder);
  return { name: `${utterances.length} utterances of LibriSpeech test-other, joined`, utterances };
}
