// Writes what was measured into docs/benchmarks.md, each kind of run between two markers of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');

const rounded = (value) => (value === null ? '-' : Math.round(value).toLocaleString('en'));
const fixed = (value, digits) => (value === null ? '-' : value.toFixed(digits));
const megabytes = (bytes) => rounded(bytes === null ? null : bytes / 1e6);
const pair = ({ p50, p95 }) => `${rounded(p50)} / ${rounded(p95)}`;
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Machine, command and date: without them a figure says nothing. */
function machine(corpus, args, bench) {
  const command = [`npm run bench:${bench} --`, ...args].join(' ');
  return `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; speech: ${corpus}; ${new Date().toISOString().slice(0, 10)}; \`${command}\`.`;
}

/** Shows the figures and, unless they were asked for on the screen only, puts them between the markers of `name`. */
async function writeBetween(name, figures, { corpus, args, print, bench = 'live' }) {
  const text = `${machine(corpus, args, bench)}\n\n${figures}`;
  console.log(text);
  if (print) return;
  const [begin, end] = [`<!-- bench:${name} begin -->`, `<!-- bench:${name} end -->`];
  const old = await readFile(page, 'utf8');
  const [before, rest] = old.split(begin);
  if (rest === undefined || !rest.includes(end)) throw new Error(`docs/benchmarks.md lacks the markers of ${name}`);
  await writeFile(page, `${before}${begin}\n${text}\n${end}${rest.split(end)[1]}`);
}

const processNames = ['live', 'api', 'redis', 'postgres', 'sender'];

const wrong = ({ firmWords, firmWrong }) => fixed(firmWords > 0 ? (firmWrong / firmWords) * 100 : null, 1);

const roundCells = (round) => {
  const { model, sessions, finals, withoutSilence, words, cpu, droppedPartials, unfinished } = round;
  return [
    model,
    sessions,
    `${finals.count}${unfinished > 0 ? ` (${unfinished} sessions not done in time)` : ''}`,
    pair(finals),
    pair(withoutSilence),
    pair(words),
    wrong(round),
    ...processNames.map((name) => rounded(cpu[name] ?? null)),
    rounded(processNames.filter((name) => name !== 'sender').reduce((sum, name) => sum + (cpu[name] ?? 0), 0) / sessions),
    rounded(droppedPartials),
  ];
};

const bareCells = (round) => [round.model, round.sessions, `${round.finals.count}${round.unfinished > 0 ? ' (not done in time)' : ''}`, pair(round.finals), pair(round.words), wrong(round), rounded(round.cpuPercent)];

const heldCells = ({ model, underMs, system, bare, limit }) => {
  const least = (count) => `${count}${count === limit ? ' or more' : ''}`;
  return [model, `${underMs / 1000} s`, least(system), least(bare), bare > 0 ? fixed(system / bare, 2) : '-'];
};

/** `rounds` through the product, `bareRounds` of the bare loop, `held` the largest numbers of sessions. */
export function pacedText({ rounds, bareRounds, held }) {
  return [
    table(
      ['model', 'sessions', 'utterances', 'final p50 / p95 ms', 'less 0.5 s of silence', 'word to first sight p50 / p95 ms', 'firm words wrong %', ...processNames.map((name) => `${name} CPU %`), 'CPU % a session, sender left out', 'dropped partials'],
      rounds.map(roundCells),
    ),
    '',
    'The bare loop with the same sound in the same run:',
    '',
    table(['model', 'sessions', 'utterances', 'final p50 / p95 ms', 'word to first sight p50 / p95 ms', 'firm words wrong %', 'CPU %'], bareRounds.map(bareCells)),
    '',
    table(['model', 'final p95 under', 'sessions, product', 'sessions, bare loop', 'product / bare loop'], held.map(heldCells)),
  ].join('\n');
}

/** rows: { model, order, words, live, batch } with rates in percent; the last of each model is all orders together. */
export function accuracyText(rows) {
  return table(
    ['model', 'order', 'words', 'live WER %', 'batch WER %', 'difference, points'],
    rows.map(({ model, order, words, live, batch }) => [model, order, rounded(words), fixed(live, 1), fixed(batch, 1), fixed(live - batch, 1)]),
  );
}

const parts = ({ tenths, whole }, cell) => [...tenths, whole].map(cell);

/** One row of live-soak.mjs for each model. */
export function soakText(rows) {
  const pieces = rows.map((soak) =>
    [
      `${soak.model}: ${soak.minutes} min of sound were stored in ${fixed(soak.wallSeconds / 60, 1)} min (${fixed((soak.minutes * 60) / soak.wallSeconds, 1)} times real time). The recording is ${soak.durationMs.toLocaleString('en')} ms long, ${soak.exact ? 'exactly what was sent' : `not the ${soak.sentMs.toLocaleString('en')} ms that were sent`}.`,
      '',
      table(['tenth of the session', ...soak.tenths.map((_, index) => index + 1), 'whole session'], [
        ['sent to stored, p50 / p95 ms', ...parts(soak, ({ stored }) => pair(stored))],
        ['sound stored, seconds a second', ...parts(soak, ({ speed }) => fixed(speed, 1))],
        ...Object.keys(soak.whole.memory).map((name) => [`${name} memory, median (whole: peak) MB`, ...parts(soak, ({ memory }) => megabytes(memory[name] ?? null))]),
      ]),
    ].join('\n'),
  );
  return pieces.join('\n\n');
}

/** rows of second-pass.mjs; the last is all orders together. */
function secondPassText(rows) {
  const percent = (errors, words) => fixed((errors / words) * 100, 1);
  return table(
    ['order', 'words', 'live by tiny, WER %', 'after the second pass by base, WER %', 'upload to base, WER %', 'second pass, seconds', 'times real time'],
    rows.map(({ order, words, before, after, batch, seconds, length }) => [
      order, rounded(words), percent(before, words), percent(after, words), percent(batch, words), fixed(seconds, 1), fixed(length / seconds, 1),
    ]),
  );
}

export const writeSecondPass = (rows, about) => writeBetween('second-pass', secondPassText(rows), { ...about, bench: 'second-pass' });
/** Each model between markers of its own, so that it can be measured again by itself. */
export const writePaced = (model, found, about) => writeBetween(`live-${model}`, pacedText(found), about);
export const writeAccuracy = (rows, about) => writeBetween('live-accuracy', accuracyText(rows), about);
export const writeSoak = (rows, about) => writeBetween('live-soak', soakText(rows), about);
