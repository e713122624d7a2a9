// The same sound live and as an upload: words wrong against what was read aloud.
import { join } from 'node:path';
import { wordErrorRate } from '../../libs/speech/dist/index.js';
import { decode } from './corpus.mjs';
import { withProduct } from './live-product.mjs';
import { writeAccuracy } from './live-report.mjs';
import { PouredSession } from './live-session.mjs';
import { FRAME_SAMPLES, inOrder, pcmOf } from './live-sound.mjs';
import { together } from './live-statistics.mjs';
import { transcribeBySystem } from './system.mjs';
import { writeSpeech } from './wav.mjs';

const DONE_WITHIN_MS = 30 * 60_000;

/** A file's own 16-bit samples as whole frames; the last one is filled with silence. */
export async function framesOf(path) {
  const [samples] = pcmOf([{ samples: (await decode(path))[0] }]);
  return Array.from({ length: Math.ceil(samples.length / FRAME_SAMPLES) }, (_, index) => {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES));
    return frame;
  });
}

async function transcribeLive(user, path) {
  const session = new PouredSession(user);
  try {
    await session.open();
    await session.pour(await framesOf(path));
    if ((await session.finish(DONE_WITHIN_MS)) === null) throw new Error('The live session was not complete in time');
    return await session.text();
  } finally {
    await session.remove();
  }
}

async function measureOrder({ user, folder }, utterances, { model, order }) {
  const ordered = inOrder(utterances, order);
  const seconds = ordered.reduce((sum, { samples }) => sum + samples.length / 16_000 + 0.7, 0);
  const speech = await writeSpeech(join(folder, `order-${order}.wav`), ordered, seconds);
  await user.accessToken.refresh();
  const live = wordErrorRate(speech.reference, await transcribeLive(user, speech.path));
  const batch = wordErrorRate(speech.reference, (await transcribeBySystem(user, speech.path)).text);
  console.error(`  ${model}, order ${order + 1}: live ${(live.rate * 100).toFixed(1)} %, batch ${(batch.rate * 100).toFixed(1)} %`);
  return { model, order: order + 1, words: live.referenceWords, liveErrors: live.errors, batchErrors: batch.errors };
}

const withRates = (row) => ({ ...row, live: (row.liveErrors / row.words) * 100, batch: (row.batchErrors / row.words) * 100 });

export async function runAccuracy({ models, orders }, corpus, about) {
  const rows = [];
  for (const model of models) {
    const ofModel = await withProduct(model, async (product) => {
      const measured = [];
      for (let order = 0; order < orders; order += 1) measured.push(await measureOrder(product, corpus.utterances, { model, order }));
      return measured;
    });
    rows.push(...ofModel, together(ofModel));
  }
  await writeAccuracy(rows.map(withRates), about);
}
