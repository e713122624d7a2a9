import { spawn } from 'node:child_process';
import { closeSync, existsSync, globSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';
import { explain } from '../launcher/refusal.mjs';
import { add, lastLine, none, readResults } from './results.mjs';
import { Services } from './services.mjs';
import { chooseSuites, lanesOf, suites } from './suites.mjs';

const say = (text) => console.log(`\n== ${text}`);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

/** A suite that takes longer hangs; the slowest, the gateway tests, takes several minutes on two cores. */
const LONGEST_MS = 18 * 60_000;
/** A runner that has written its counts has nothing left to do. */
const ENDS_WITHIN_MS = 20_000;

/**
 * Resolves to the exit code, or to a word on why the runner had to be ended. `reportFile` is what it writes last; `output` the file descriptor of what it
 * says.
 */
function run(args, environment, reportFile, output = 'inherit') {
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['inherit', output, output] });
  let reason = null;
  let reportedAt = null;
  const watch = setInterval(() => {
    // node:test makes the empty file at its start.
    if (reportFile && existsSync(reportFile) && statSync(reportFile).size > 0) reportedAt ??= Date.now();
    if (Date.now() - startedAt > LONGEST_MS) reason = `still ran after ${LONGEST_MS / 60_000} minutes`;
    else if (reportedAt && Date.now() - reportedAt > ENDS_WITHIN_MS) reason = 'did not end after its last test: something it opened is not closed';
    if (reason) child.kill('SIGKILL');
  }, 1000);
  return new Promise((resolve) => {
    const finish = (code) => {
      clearInterval(watch);
      resolve(reason ?? code ?? 1);
    };
    child.on('error', () => finish(1));
    child.on('close', finish);
  });
}

/** The arguments that make each runner write its counts to a file. */
const reporting = {
  jest: (file, suite, paths) => [...suite.args, '--json', `--outputFile=${file}`, '--testLocationInResults', ...paths],
  playwright: (_file, suite, paths) => [...suite.args, '--reporter=list,json', ...paths],
  node: (file, suite, paths) => [
    ...suite.args, '--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=./ops/testing/node-test-reporter.mjs', `--test-reporter-destination=${file}`,
    ...(paths.length > 0 ? paths : [suite.files]),
  ],
};

/** What each failed browser test had on its page, where only the output is kept. */
function showPages() {
  for (const file of globSync('test-results/*/error-context.md', { cwd: root })) {
    const page = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync(join(root, file), 'utf8'))?.[1];
    if (page) say(`The page of ${file}\n${page}`);
  }
}

/** `apart`: others run beside it, so what it says is shown as a whole at its end. */
async function runSuite(suite, services, paths, apart) {
  const name = `${suite.project} ${suite.kind}`;
  const startedAt = Date.now();
  const file = join(services.folder, `${suite.project}-${suite.kind}.json`);
  const spoken = join(services.folder, `${suite.project}-${suite.kind}.txt`);
  const output = apart ? openSync(spoken, 'w') : 'inherit';
  try {
    for (const need of suite.needs) await services.start(need);
    say(apart ? `${name} begins` : name);
    const environment = { ...services.environment, PLAYWRIGHT_JSON_OUTPUT_NAME: file, NODE_ENV: 'test' };
    const exitCode = await run(reporting[suite.runner](file, suite, paths), environment, file, output);
    if (apart) say(`${name}\n${readFileSync(spoken, 'utf8')}`);
    if (exitCode !== 0 && suite.runner === 'playwright') showPages();
    if (typeof exitCode === 'string') say(`${name} ${exitCode}`);
    return { name, results: readResults(suite.runner, file, exitCode), took: seconds(startedAt) };
  } catch (failure) {
    say(`${name} could not run: ${explain(failure)}`);
    return { name, results: { ...none, failed: 1 }, took: seconds(startedAt) };
  } finally {
    if (apart) closeSync(output);
  }
}

/** Everything, or what the chosen suites stand on; the browser's needs all that `npm start` needs. */
async function build(chosen) {
  const startedAt = Date.now();
  say('build');
  const projects = [...new Set(chosen.map(({ project }) => project))];
  const all = chosen.length === suites.length || chosen.some(({ kind }) => kind === 'browser');
  const code = await run(['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', ...(all ? [] : ['-p', ...projects])], process.env);
  return { name: 'build', results: code === 0 ? none : { ...none, failed: 1 }, took: seconds(startedAt) };
}

async function main(words) {
  const { chosen, paths } = chooseSuites(words);
  const services = new Services(say);
  const outcomes = [await build(chosen)];
  let stopping = null;
  const stop = () => (stopping ??= services.stop());
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop().finally(() => process.exit(1)));
  process.on('message', () => stop().finally(() => process.exit(1)));
  try {
    if (outcomes[0].results.failed === 0) {
      for (const lanes of lanesOf(chosen)) {
        await Promise.all(lanes.map(async (lane) => {
          for (const suite of lane) outcomes.push(await runSuite(suite, services, paths, lanes.length > 1));
        }));
      }
    }
  } finally {
    try {
      await stop();
    } catch (failure) {
      say(explain(failure));
      outcomes.push({ name: 'stopping the services', results: { ...none, failed: 1 }, took: '' });
    }
  }
  return outcomes;
}

try {
  const outcomes = await main(process.argv.slice(2));
  say('results');
  for (const { name, results, took } of outcomes) console.log(`${name.padEnd(20)} ${lastLine(results)}  ${took}`);
  const total = outcomes.reduce((sum, { results }) => add(sum, results), none);
  console.log(`\n${lastLine(total)}`);
  process.exit(total.failed > 0 ? 1 : 0);
} catch (failure) {
  console.error(explain(failure));
  console.log(`\n${lastLine({ ...none, failed: 1 })}`);
  process.exit(1);
}
