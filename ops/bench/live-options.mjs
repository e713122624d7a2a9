// What `npm run bench:live` was asked for.
import { parseArgs } from 'node:util';

const usage = `npm run bench:live -- [--sessions 1,2,4,8] [--model base,tiny] [--seconds 60] [--limit 64]
  paced in real time; goes on to more sessions than named until they are late, but not above the limit
npm run bench:live -- --accuracy [--orders 3] [--model base,tiny]
  live against batch on the same sound, words wrong
npm run bench:live -- --soak 120 [--model base]
  one session of so many minutes, sent as fast as it is taken
--print: to the screen only, docs/benchmarks.md stays as it is`;

const flags = {
  sessions: { type: 'string', default: '1,2,4,8' },
  model: { type: 'string', default: 'base' },
  seconds: { type: 'string', default: '60' },
  limit: { type: 'string', default: '64' },
  accuracy: { type: 'boolean', default: false },
  orders: { type: 'string', default: '3' },
  soak: { type: 'string' },
  print: { type: 'boolean', default: false },
};

/** A wrong wish; the message is for people. */
export class WrongOptions extends Error {
  constructor(line) {
    super(`${line}\n${usage}`);
  }
}

function whole(name, text, least, most) {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new WrongOptions(`--${name} takes whole numbers from ${least} to ${most}, not "${text}".`);
  return value;
}

function models(text) {
  const chosen = [...new Set(text.split(','))];
  for (const model of chosen) if (model !== 'base' && model !== 'tiny') throw new WrongOptions(`There is no model "${model}": base or tiny.`);
  return chosen;
}

/**
 * { mode: 'paced', sessions (ascending), seconds, limit } or { mode: 'accuracy', orders } or { mode: 'soak', minutes }, each with models and
 * print (only).
 * @throws WrongOptions
 */
export function parseLiveOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: flags }));
  } catch (failure) {
    throw new WrongOptions(failure.message);
  }
  const common = { models: models(values.model), print: values.print };
  if (values.accuracy && values.soak !== undefined) throw new WrongOptions('--accuracy and --soak are two runs.');
  if (values.accuracy) return { mode: 'accuracy', ...common, orders: whole('orders', values.orders, 1, 10) };
  if (values.soak !== undefined) return { mode: 'soak', ...common, minutes: whole('soak', values.soak, 1, 480) };
  const counts = values.sessions.split(',').map((text) => whole('sessions', text, 1, 512));
  return {
    mode: 'paced',
    ...common,
    sessions: [...new Set(counts)].sort((a, b) => a - b),
    seconds: whole('seconds', values.seconds, 10, 3600),
    limit: whole('limit', values.limit, 1, 512),
  };
}
