// npm run bench:live: live sessions through the whole product. See live-options.mjs for what can be asked for.
import { runAccuracy } from './live-accuracy.mjs';
import { loadLiveCorpus } from './live-corpus.mjs';
import { parseLiveOptions, WrongOptions } from './live-options.mjs';
import { runPaced } from './live-paced.mjs';
import { runSoak } from './live-soak.mjs';

const modes = { paced: runPaced, accuracy: runAccuracy, soak: runSoak };

export async function run(args) {
  try {
    const options = parseLiveOptions(args);
    const corpus = await loadLiveCorpus();
    await modes[options.mode](options, corpus, { corpus: corpus.name, args, print: options.print });
  } catch (failure) {
    if (!(failure instanceof WrongOptions)) throw failure;
    console.error(failure.message);
    process.exit(1);
  }
}
