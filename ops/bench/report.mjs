// Turns measured rows into the table of docs/benchmarks.md, between its two markers.
import { readFile, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
const begin = '<!-- bench:transcribe begin -->';
const end = '<!-- bench:transcribe end -->';

const fixed = (value, digits) => (value === null ? '-' : value.toFixed(digits));
const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString('en');

function line(row) {
  const cells = [
    `${row.minutes} min`,
    fixed(row.rawSeconds, 1),
    fixed(row.systemSeconds, 1),
    fixed(row.ratio, 2),
    fixed(row.audioSeconds / row.systemSeconds, 1),
    fixed(row.uploadSeconds, 1),
    fixed(row.firstWordsSeconds, 1),
    megabytes(row.workerBytes),
    megabytes(row.withDecoderBytes),
    fixed(row.wer, 1),
    fixed(row.rawWer, 1),
  ];
  return `| ${cells.join(' | ')} |`;
}

export async function writeReport(rows, machine) {
  const table = [
    `${machine.cpu}, ${machine.cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; speech: ${machine.corpus}, joined; ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| audio | raw loop s | system s | system / raw throughput | times real time | upload s | first words s | worker peak MB | with decoder MB | WER % | raw WER % |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(line),
  ].join('\n');
  console.log(table);
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  await writeFile(page, `${before}${begin}\n${table}\n${end}${rest.split(end)[1]}`);
}
