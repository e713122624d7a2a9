import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { parseLiveOptions, WrongOptions } from './live-options.mjs';
import { cpuPercent, ProductProcesses } from './live-processes.mjs';
import { accuracyText, pacedText, soakText } from './live-report.mjs';
import { firstOf, FRAME_SAMPLES, inOrder, speechFrames } from './live-sound.mjs';
import { largestThatFits, percentile, sumOf, together } from './live-statistics.mjs';

const refused = (args, line) => assert.throws(() => parseLiveOptions(args), (failure) => failure instanceof WrongOptions && line.test(failure.message));

test('the paced run: what was asked for and what is meant without words', () => {
  assert.deepEqual(parseLiveOptions([]), { mode: 'paced', models: ['base'], print: false, sessions: [1, 2, 4, 8], seconds: 60, limit: 64 });
  assert.deepEqual(parseLiveOptions(['--sessions', '4,1,4', '--model', 'tiny,base', '--seconds', '20', '--limit', '4', '--print']), {
    mode: 'paced', models: ['tiny', 'base'], print: true, sessions: [1, 4], seconds: 20, limit: 4,
  });
});

test('the other runs', () => {
  assert.deepEqual(parseLiveOptions(['--accuracy', '--orders', '2']), { mode: 'accuracy', models: ['base'], print: false, orders: 2 });
  assert.deepEqual(parseLiveOptions(['--soak', '120', '--model', 'tiny']), { mode: 'soak', models: ['tiny'], print: false, minutes: 120 });
});

test('wrong wishes are refused with what there is', () => {
  refused(['--sessions', '0'], /--sessions takes whole numbers from 1 to 512, not "0"/);
  refused(['--sessions', '2,x'], /not "x"/);
  refused(['--model', 'large'], /no model "large"/);
  refused(['--seconds', '1.5'], /--seconds/);
  refused(['--soak', '5', '--accuracy'], /two runs/);
  refused(['--session', '5'], /--session/);
  refused(['5'], /npm run bench:live/);
});

test('percentiles are values that occurred', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.95), 95);
  assert.equal(percentile([7], 0.95), 7);
  assert.equal(percentile([], 0.5), null);
});

test('the search finds the largest count and asks each once', async () => {
  for (const most of [0, 1, 5, 16, 23, 64]) {
    const asked = [];
    const found = await largestThatFits((count) => asked.push(count) && count <= most, { limit: 64, known: [1, 2, 4] });
    assert.ok(found <= most && found >= most - Math.max(1, Math.floor(most / 16)), `${found} for ${most}`);
    assert.ok(asked.length <= 10 && new Set(asked).size === asked.length, asked.join());
    assert.ok(Math.max(...asked) <= 64);
  }
  assert.equal(await largestThatFits(() => true, { limit: 5, known: [1] }), 5);
});

test('frames are whole, as many as asked for and a second and a half of silence, the same each time', () => {
  const utterances = [new Int16Array(4_000).fill(1), new Int16Array(2_500).fill(2), new Int16Array(50_000).fill(3)];
  const frames = [...speechFrames(utterances, 1, 3)];
  assert.equal(frames.length, 45);
  assert.ok(frames.every((frame) => frame.length === FRAME_SAMPLES));
  assert.ok(frames.slice(30).every((frame) => frame.every((sample) => sample === 0)));
  const samples = frames.flatMap((frame) => [...frame]);
  assert.equal(samples.indexOf(0), 2_500);
  assert.equal(samples.findLastIndex((sample) => sample === 2), 2_499);
  // The pause after the utterance with number 1: 0.2 s and 37 hundredths.
  assert.equal(samples.indexOf(3), 2_500 + 16_000 * 0.57);
  assert.deepEqual([...speechFrames(utterances, 1, 3)], frames);
});

test('sessions begin with different utterances', () => {
  assert.equal(new Set(Array.from({ length: 39 }, (_, session) => firstOf(session, 39))).size, 39);
});

test('a process is measured with its children, those that ended as well', async () => {
  const busy = 'while (process.cpuUsage().user < 300_000);';
  const parent = spawn(process.execPath, ['-e', `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}]); console.log('done'); setInterval(() => undefined, 1000);`], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(parent.stdout, 'data');
    const processes = new ProductProcesses({ pid: process.pid, processes: { live: { pid: parent.pid } } });
    const { live, sender } = processes.cpuSeconds();
    assert.ok(live >= 0.2, `${live} s`);
    // Without its children, the product among them.
    assert.ok(sender <= process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 + 0.1, `${sender} s`);
    assert.ok(processes.memory().live > 10e6);
    assert.ok(processes.memory().sender > 10e6);
  } finally {
    parent.kill();
  }
});

test('CPU is told in percent of one core', () => {
  assert.deepEqual(cpuPercent({ api: 10 }, { api: 13, live: 1 }, 10), { api: 30, live: 10 });
});

test('each order has every utterance once and differs from the others', () => {
  for (const count of [1, 2, 3, 8, 39]) {
    const utterances = Array.from({ length: count }, (_, index) => index);
    for (let order = 0; order < 4; order += 1) assert.deepEqual(inOrder(utterances, order).toSorted((a, b) => a - b), utterances);
  }
  const many = Array.from({ length: 39 }, (_, index) => index);
  assert.equal(new Set([0, 1, 2, 3].map((order) => inOrder(many, order).join())).size, 4);
});

test('orders are added up by their words', () => {
  const row = (words, liveErrors, batchErrors) => ({ model: 'base', order: 1, words, liveErrors, batchErrors });
  assert.deepEqual(together([row(10, 1, 0), row(30, 2, 4)]), { model: 'base', order: 'all', words: 40, liveErrors: 3, batchErrors: 4 });
});

test('a counter is read over all its labels and by its whole name', () => {
  const text = '# HELP dropped x\ndropped{kind="a"} 2\ndropped{kind="b b"} 3.5\ndropped_more 7\nplain 4\n';
  assert.equal(sumOf(text, 'dropped'), 5.5);
  assert.equal(sumOf(text, 'plain'), 4);
  assert.equal(sumOf(text, 'absent'), 0);
});

/** The cells of each line of each table. */
const tables = (text) => text.split(/\n\n/).filter((part) => part.startsWith('|')).map((part) => part.split('\n').map((line) => line.slice(2, -2).split(' | ')));
const figures = (count, p50, p95) => ({ count, p50, p95 });

test('the paced report has what was measured in its columns', () => {
  const round = {
    model: 'base', sessions: 4, finals: figures(40, 700.4, 950), withoutSilence: figures(40, 200, 450), words: figures(400, 420, 1_200), firmWords: 300, firmWrong: 12,
    cpu: { live: 100, api: 10, redis: 6, postgres: 4, sender: 50, worker: 0 }, droppedPartials: 12, unfinished: 1,
  };
  const bare = { model: 'base', sessions: 8, finals: figures(80, 690, 900), words: figures(800, 400, 1_100), firmWords: 0, firmWrong: 0, cpuPercent: 150 };
  const held = [{ model: 'base', underMs: 1_000, system: 8, bare: 10, limit: 64 }, { model: 'base', underMs: 2_000, system: 64, bare: 64, limit: 64 }];
  const [rounds, bareRounds, most] = tables(pacedText({ rounds: [round], bareRounds: [bare], held }));
  for (const lines of [rounds, bareRounds, most]) assert.equal(new Set(lines.map((cells) => cells.length)).size, 1);
  assert.deepEqual(rounds[2], ['base', '4', '40 (1 sessions not done in time)', '700 / 950', '200 / 450', '420 / 1,200', '4.0', '100', '10', '6', '4', '50', '30', '12']);
  assert.deepEqual(bareRounds[2], ['base', '8', '80', '690 / 900', '400 / 1,100', '-', '150']);
  assert.deepEqual(most.slice(2), [['base', '1 s', '8', '10', '0.80'], ['base', '2 s', '64 or more', '64 or more', '1.00']]);
});

test('the other reports as well', () => {
  assert.deepEqual(tables(accuracyText([{ model: 'tiny', order: 'all', words: 2_000, live: 9.26, batch: 8.4 }]))[0][2], ['tiny', 'all', '2,000', '9.3', '8.4', '0.9']);
  const part = (speed) => ({ stored: figures(9, 1_000, 2_000), speed, memory: { live: 900e6 } });
  const soak = { model: 'base', minutes: 120, wallSeconds: 600, durationMs: 7_201_500, sentMs: 7_201_500, exact: true, tenths: [part(12), part(11.96)], whole: part(null) };
  const text = soakText([soak]);
  assert.match(text, /120 min of sound were stored in 10\.0 min \(12\.0 times real time\).+7,201,500 ms long, exactly what was sent/);
  const [head, , ...rows] = tables(text)[0];
  assert.deepEqual(head, ['tenth of the session', '1', '2', 'whole session']);
  assert.deepEqual(rows, [
    ['sent to stored, p50 / p95 ms', '1,000 / 2,000', '1,000 / 2,000', '1,000 / 2,000'],
    ['sound stored, seconds a second', '12.0', '12.0', '-'],
    ['live memory, median (whole: peak) MB', '900', '900', '900'],
  ]);
  assert.match(soakText([{ ...soak, exact: false, durationMs: 7_201_400 }]), /not the 7,201,500 ms that were sent/);
});
