// Sessions paced in real time: how long a watcher waits, what it costs, and how many the machine holds.
import { setTimeout as delay } from 'node:timers/promises';
import { beginOf } from '../../libs/speech/dist/bench/live-loop.js';
import { bareRound } from './live-bare.mjs';
import { senderEars } from './live-ears.mjs';
import { withProduct } from './live-product.mjs';
import { cpuPercent } from './live-processes.mjs';
import { writePaced } from './live-report.mjs';
import { TimedOut } from './live-recording.mjs';
import { firstOf, pcmOf, speechSound } from './live-sound.mjs';
import { countedMs, END_SILENCE_MS, figuresOf, largestThatFits } from './live-statistics.mjs';
import { PacedSession } from './paced-session.mjs';

/** A final counts as in time when 95 of 100 come within so many ms after the end of the utterance, silence included. */
const BOUNDS_MS = [1_000, 2_000];
/** Rounds that nobody measures. After two of 16 sessions the next could still be far slower than the one after it (once, 32 sessions, p95 3,124 and 1,151 ms). */
const WARM_UP = [16, 16, 32, 32].map((sessions) => ({ sessions, seconds: 20 }));
/** Few sessions speak for longer, so that they say as much together: 95 of 100 mean nothing of ten utterances. */
const LEAST_SPOKEN_SECONDS = 120;
const lasts = (sessions, seconds) => Math.max(seconds, Math.ceil(LEAST_SPOKEN_SECONDS / sessions));
/** A sender that is itself late measures itself. */
const SENDER_LATE_MS = 100;

/** Sessions that are further behind when they end are not held: what waits would only grow in a longer one. */
const SETTLED_WITHIN_MS = 30_000;

const none = figuresOf([]);
/** What is seen of sessions that the product was too busy to open. */
const nothing = { finals: none, withoutSilence: none, words: none, firmWords: 0, firmWrong: 0, cpu: {}, droppedPartials: null };

/** One round of `sessions` through the product; figures as in live-report.mjs. */
async function productRound({ clinicians, processes, liveCounter, jobsDone }, { speech, ears }, { model, sessions, seconds }) {
  const spoken = [];
  for (let index = 0; index < sessions; index += 1) {
    const first = firstOf(index, speech.length);
    const sound = speechSound(speech, first, seconds);
    spoken.push({ sound, awaited: await ears(`${first} ${seconds}`, sound) });
  }
  const open = (await clinicians.forSessions(sessions)).map((user) => new PacedSession(user));
  try {
    await Promise.all(open.map((session) => session.open()));
    const cpuBefore = processes.cpuSeconds();
    const droppedBefore = await liveCounter('auscult_live_dropped_partials_total');
    const startedAt = performance.now();
    await Promise.all(open.map((session, index) => session.speak(spoken[index], startedAt + beginOf(index), countedMs(seconds) - beginOf(index))));
    const cpu = cpuPercent(cpuBefore, processes.cpuSeconds(), (performance.now() - startedAt) / 1000);
    const latest = Math.max(...open.map((session) => session.latest));
    if (latest > SENDER_LATE_MS) console.error(`  the sender itself was up to ${Math.round(latest)} ms late`);
    const recordings = await Promise.all(open.map((session) => session.finish(SETTLED_WITHIN_MS)));
    const finals = open.flatMap(({ watch }) => watch.finals.map(({ lagMs }) => lagMs));
    const sum = (name) => open.reduce((total, { watch }) => total + watch[name], 0);
    return {
      model, sessions, cpu,
      finals: figuresOf(finals),
      withoutSilence: figuresOf(finals.map((wait) => wait - END_SILENCE_MS)),
      words: figuresOf(open.flatMap(({ watch }) => watch.wordSightMs)),
      firmWords: sum('firmWords'),
      firmWrong: sum('firmWrong'),
      droppedPartials: (await liveCounter('auscult_live_dropped_partials_total')) - droppedBefore,
      unfinished: recordings.filter((recording) => recording === null).length,
    };
  } catch (failure) {
    if (!(failure instanceof TimedOut)) throw failure;
    return { ...nothing, model, sessions, unfinished: sessions };
  } finally {
    await Promise.allSettled(open.map((session) => session.remove()));
    // The worker destroys the recordings: that is not the next round's load.
    await jobsDone();
  }
}

const say = (what, { sessions, finals, words, unfinished = 0 }) =>
  console.error(`  ${what}, ${sessions} sessions: final p95 ${Math.round(finals.p95 ?? Number.NaN)} ms, word p95 ${Math.round(words.p95 ?? Number.NaN)} ms${unfinished > 0 ? `, ${unfinished} not done in time` : ''}`);

/** One thing at a time, in the order of asking: who asks for several has the others in between. */
function inTurns() {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // What the round before left to the file system is not the next one's load.
    last = result.catch(() => undefined).then(() => delay(1_000));
    return result;
  };
}

/** Measures each number of sessions once and remembers it; once more where it is late, for what else the machine did meanwhile. */
function rounds(what, measure) {
  const known = new Map();
  const again = new Set();
  const measured = async (count) => {
    const result = await measure(count);
    say(what, result);
    return result;
  };
  const round = async (count) => {
    if (!known.has(count)) known.set(count, await measured(count));
    return known.get(count);
  };
  const inTime = ({ finals, unfinished = 0 }, underMs) => unfinished === 0 && finals.p95 !== null && finals.p95 < underMs;
  const fits = (underMs) => async (count) => {
    const first = await round(count);
    if (inTime(first, underMs) || again.has(count)) return inTime(first, underMs);
    again.add(count);
    const second = await measured(count);
    if (inTime(second, underMs) || (second.finals.p95 ?? Infinity) < (first.finals.p95 ?? 0)) known.set(count, second);
    return inTime(known.get(count), underMs);
  };
  return { round, fits, counts: () => [...known.keys()], all: () => [...known.values()].sort((a, b) => a.sessions - b.sessions) };
}

async function measureModel(product, corpus, { model, sessions, seconds, limit }) {
  const spoken = { speech: pcmOf(corpus.utterances), ears: await senderEars(product.modelDir, model) };
  const turn = inTurns();
  const through = rounds(`product, ${model}`, (count) => turn(() => productRound(product, spoken, { model, sessions: count, seconds: lasts(count, seconds) })));
  const bare = rounds(`bare loop, ${model}`, (count) => turn(async () => {
    const round = await bareRound({ model, modelDir: product.modelDir, sessions: count, seconds: lasts(count, seconds) });
    return { ...round, unfinished: round.behindMs > SETTLED_WITHIN_MS ? count : 0 };
  }));
  // What has just started pays for what a server that runs for months finds warm: compiled code, buffers, connections.
  for (const round of WARM_UP) await productRound(product, spoken, { model, ...round });
  for (const count of sessions) await through.round(count);
  const held = [];
  const most = Math.max(limit, ...sessions);
  for (const underMs of BOUNDS_MS) {
    // Both at the same time: the speed of the machine changes from minute to minute.
    const search = ({ fits, counts }) => largestThatFits(fits(underMs), { limit: most, known: [...counts(), Math.max(...sessions)] });
    const [system, alone] = await Promise.all([search(through), search(bare)]);
    held.push({ model, underMs, system, bare: alone, limit: most });
  }
  return { rounds: through.all(), bareRounds: bare.all(), held };
}

export async function runPaced(options, corpus, about) {
  for (const model of options.models) {
    const found = await withProduct(model, (product) => measureModel(product, corpus, { ...options, model }));
    await writePaced(model, found, about);
  }
}
