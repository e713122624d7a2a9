// npm run bench:transcribe [-- 5 60]: the same files through the raw engine loop and through the whole product.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wordErrorRate } from '../../libs/speech/dist/index.js';
import { signIn } from '../live/account.mjs';
import { loadSample, loadUtterances } from './corpus.mjs';
import { watchMemory } from './memory.mjs';
import { rawLoop } from './raw-loop.mjs';
import { startStack } from './stack.mjs';
import { transcribeBySystem } from './system.mjs';
import { writeReport } from './report.mjs';
import { writeSpeech } from './wav.mjs';

const root = join(import.meta.dirname, '..', '..');
const sharedCorpus = join(root, '..', 'shared', 'corpora', 'librispeech-test-other');
const sample = join(root, 'libs', 'speech', 'samples');

/** Minutes of each file, and how often each is measured (the median counts). */
const files = [
  { minutes: 5, runs: 3, raw: true },
  { minutes: 10, runs: 1, raw: false },
  { minutes: 60, runs: 1, raw: true },
  { minutes: 180, runs: 1, raw: false },
];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(file, speech, { user, workerPid, modelDir }) {
  const raws = [];
  const systems = [];
  const memory = watchMemory(workerPid);
  for (let run = 0; run < file.runs; run += 1) {
    // Side by side in time: this machine's speed drifts, so a ratio counts only within one run.
    if (file.raw) raws.push(await rawLoop(speech.path, modelDir));
    systems.push(await transcribeBySystem(user, speech.path));
    console.error(`  ${file.minutes} min, run ${run + 1}: raw ${raws.at(-1)?.seconds.toFixed(1) ?? '-'} s, system ${systems.at(-1).completed.toFixed(1)} s`);
  }
  const peak = memory.stop();
  const rawSeconds = file.raw ? median(raws.map((raw) => raw.seconds)) : null;
  const seconds = median(systems.map((system) => system.completed));
  return {
    minutes: file.minutes,
    audioSeconds: speech.seconds,
    rawSeconds,
    systemSeconds: seconds,
    ratio: rawSeconds === null ? null : rawSeconds / seconds,
    firstWordsSeconds: median(systems.map((system) => system.firstWords)),
    uploadSeconds: median(systems.map((system) => system.uploaded)),
    workerBytes: peak.worker,
    withDecoderBytes: peak.withChildren,
    wer: wordErrorRate(speech.reference, systems[0].text).rate * 100,
    rawWer: file.raw ? wordErrorRate(speech.reference, raws[0].text).rate * 100 : null,
  };
}

export async function run(args) {
  const chosen = args.length > 0 ? files.filter(({ minutes }) => args.includes(String(minutes))) : files;
  const shared = existsSync(sharedCorpus);
  const utterances = shared ? await loadUtterances(sharedCorpus) : await loadSample(sample);
  const folder = await mkdtemp(join(tmpdir(), 'auscult-bench-'));
  const stack = await startStack(join(folder, 'data'));
  try {
    const user = await signIn(stack.url, stack.email, stack.password);
    const warm = await writeSpeech(join(folder, 'warm.wav'), utterances, 30);
    await transcribeBySystem(user, warm.path);
    const rows = [];
    for (const file of chosen) {
      const speech = await writeSpeech(join(folder, `${file.minutes}.wav`), utterances, file.minutes * 60);
      rows.push(await measure(file, speech, { ...stack, user }));
      await rm(speech.path);
    }
    await writeReport(rows, { corpus: shared ? 'LibriSpeech test-other' : 'the bundled sample', cores: cpus().length, cpu: cpus()[0].model });
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
