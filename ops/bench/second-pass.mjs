// npm run bench:second-pass: live sessions heard by tiny, then a second time by base; words wrong before and after, and as an upload to base.
// --orders 3: how often, each time with the utterances in another order; --corpus FOLDER: others than those that bench:live finds; --print.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { wordErrorRate } from '../../libs/speech/dist/index.js';
import { framesOf } from './live-accuracy.mjs';
import { loadLiveCorpus } from './live-corpus.mjs';
import { withProduct } from './live-product.mjs';
import { writeSecondPass } from './live-report.mjs';
import { PouredSession } from './live-session.mjs';
import { inOrder } from './live-sound.mjs';
import { transcribeBySystem } from './system.mjs';
import { writeSpeech } from './wav.mjs';

const DONE_WITHIN_MS = 30 * 60_000;

/** Asks for the second hearing and answers how many seconds it took. */
async function hearAgain(user, id) {
  const startedAt = performance.now();
  await user.client.recordings.retry(id);
  for (;;) {
    const { secondPass } = await user.client.recordings.get(id);
    if (secondPass.state === 'failed') throw new Error('The second hearing has failed');
    if (secondPass.state === 'done') return (performance.now() - startedAt) / 1000;
    if (performance.now() - startedAt > DONE_WITHIN_MS) throw new Error('The second hearing was not over in time');
    await delay(100);
  }
}

/** The transcript of one live session before and after its second hearing. */
async function heardTwice(user, path) {
  const session = new PouredSession(user);
  try {
    await session.open();
    await session.pour(await framesOf(path));
    if ((await session.finish(DONE_WITHIN_MS)) === null) throw new Error('The live session was not complete in time');
    const before = await session.text();
    const seconds = await hearAgain(user, session.id);
    return { before, after: await session.text(), seconds };
  } finally {
    await session.remove();
  }
}

async function measureOrder({ user, folder }, utterances, order) {
  const ordered = inOrder(utterances, order);
  const length = ordered.reduce((sum, { samples }) => sum + samples.length / 16_000 + 0.7, 0);
  const speech = await writeSpeech(join(folder, `order-${order}.wav`), ordered, length);
  await user.accessToken.refresh();
  const { before, after, seconds } = await heardTwice(user, speech.path);
  const errorsOf = (text) => wordErrorRate(speech.reference, text).errors;
  const batch = errorsOf((await transcribeBySystem(user, speech.path)).text);
  const { referenceWords: words } = wordErrorRate(speech.reference, before);
  const row = { order: order + 1, words, before: errorsOf(before), after: errorsOf(after), batch, seconds, length: speech.seconds };
  console.error(`  order ${order + 1}:`, row);
  return row;
}

function together(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  return { order: 'all', ...Object.fromEntries(['words', 'before', 'after', 'batch', 'seconds', 'length'].map((name) => [name, sum(name)])) };
}

export async function run(args) {
  const { values } = parseArgs({ args, options: { orders: { type: 'string', default: '3' }, corpus: { type: 'string' }, print: { type: 'boolean', default: false } } });
  const corpus = await loadLiveCorpus(values.corpus);
  // By hand, so that the words before it can be read.
  process.env.AUSCULT_SECOND_PASS = 'off';
  const rows = await withProduct(
    'base',
    async (product) => {
      const measured = [];
      for (let order = 0; order < Number(values.orders); order += 1) measured.push(await measureOrder(product, corpus.utterances, order));
      return measured;
    },
    'tiny',
  );
  // Where a corpus lies is nobody else's business.
  await writeSecondPass([...rows, together(rows)], { corpus: corpus.name, args: ['--orders', values.orders], print: values.print });
}
