import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { root } from './paths.mjs';
import { signal, startTimeOf, waitForExit } from './processes.mjs';
import { makeStandInCheckout } from './testing/stand-in-checkout.mjs';
import { StartedLauncher } from './testing/started-launcher.mjs';

let checkout;
const started = [];
const launch = (environment, options) => {
  const launcher = new StartedLauncher(checkout, environment, options);
  started.push(launcher);
  return launcher;
};
const events = () => readFileSync(join(checkout.dataDir, 'events.log'), 'utf8').trim().split('\n');
const forgetEvents = () => rmSync(join(checkout.dataDir, 'events.log'), { force: true });
const isRoot = process.getuid() === 0;

before(async () => {
  checkout = await makeStandInCheckout();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((launcher) => launcher.stop()));
});
after(() => {
  const { installation } = JSON.parse(readFileSync(join(checkout.dataDir, 'secrets.json'), 'utf8'));
  checkout.remove();
  rmSync(`/var/lib/auscult/data/${installation}`, { recursive: true, force: true });
});

/** One line that says what is wrong: no stack, nothing of Node's own. */
async function refuses(launcher, pattern) {
  assert.equal(await launcher.exited, 1);
  const lines = launcher.output.trim().split('\n').filter((line) => line && !/^Auscult$|^ {2}(redis|model|database|recovery|build) /.test(line));
  assert.equal(lines.length, 1, launcher.output);
  assert.match(lines[0], pattern);
}

test('the first start shows the passwords, migrates once before api, worker and live, and stops in order', async () => {
  // Line by line: the heading may come before what stands below it.
  const launcher = await launch().said('Demo accounts[^]*admin@demo\\.example +made-up-word');
  const secrets = join(checkout.dataDir, 'secrets.json');
  assert.equal(statSync(secrets).mode & 0o777, 0o600);
  const { masterKey, databasePassword } = JSON.parse(readFileSync(secrets, 'utf8'));
  assert.equal(Buffer.from(masterKey, 'base64').length, 32);
  const shown = readFileSync(join(checkout.dataDir, 'run.json'), 'utf8');
  assert.ok(!shown.includes(masterKey) && !shown.includes(databasePassword));
  assert.equal(await launcher.stop(), 0);
  assert.match(launcher.output, /Stopped\. Everything is kept/);
  const [first, ...rest] = events();
  assert.equal(first, 'migrated');
  assert.deepEqual(rest.slice(0, 3).sort(), ['api started', 'live started', 'worker started']);
  assert.deepEqual(rest.slice(3).sort(), ['api stopped in order', 'live stopped in order', 'worker stopped in order']);
});

test('a later start is quick and shows no password', async () => {
  const launcher = await launch().ready();
  assert.doesNotMatch(launcher.output, /made-up-word/);
  const seconds = Number(/ready after ([\d.]+) s/.exec(launcher.output)[1]);
  assert.ok(seconds < 6, `${seconds} s`);
});

test('runs on the bundled Valkey', async () => {
  const launcher = await launch({ AUSCULT_REDIS: 'wasm' }).ready();
  assert.match(launcher.output, /Valkey \(bundled/);
});

test('a process that is killed is started again; database and Redis keep their addresses', async () => {
  forgetEvents();
  const launcher = await launch().ready();
  const { processes } = launcher.run;
  const postgres = postmasterOf(launcher);
  for (const name of ['worker', 'live', 'redis']) signal(processes[name].pid, 'SIGKILL');
  signal(postgres, 'SIGKILL');
  await launcher.said('The worker ended by itself \\(SIGKILL\\)');
  await launcher.said('The worker runs again');
  await launcher.said('The live worker runs again');
  await launcher.said('The Redis runs again');
  await launcher.said('The database runs again');
  assert.equal(await launcher.stop(), 0);
  // "in order" means reachable at the address that the api got at its start.
  assert.deepEqual(events().filter((line) => line.includes('stopped')).sort(), ['api stopped in order', 'live stopped in order', 'worker stopped in order']);
});

/** By the cluster's own account: for a moment, each of its processes has the command line of the first. */
function postmasterOf(launcher) {
  const port = /database +PostgreSQL [\d.]+ on 127\.0\.0\.1:(\d+)/.exec(launcher.output)[1];
  const ofPort = commandLines().find((words) => words[0].endsWith('/bin/postgres') && words[words.indexOf('-p') + 1] === port);
  return Number(readFileSync(join(ofPort[ofPort.indexOf('-D') + 1], 'postmaster.pid'), 'utf8').split('\n')[0]);
}

const commandLines = () =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      return ['']; // gone
    }
  });

test('after SIGKILL of the launcher nothing keeps the port, and the next start takes over the database', async () => {
  const launcher = await launch().ready();
  const { pid, processes } = launcher.run;
  const postgres = postmasterOf(launcher);
  signal(pid, 'SIGKILL');
  await launcher.exited;
  assert.ok(await waitForExit(processes.api.pid, 12_000), 'the api stays');
  assert.ok(await waitForExit(processes.worker.pid, 12_000), 'the worker stays');
  assert.ok(await waitForExit(processes.live.pid, 12_000), 'the live process stays');
  assert.notEqual(startTimeOf(postgres), null, 'the database outlives its launcher');
  const next = await launch().ready();
  assert.match(next.output, /recovery +the last start did not end cleanly/);
  assert.equal(postmasterOf(next), postgres);
  assert.equal(await next.stop(), 0);
  assert.ok(await waitForExit(postgres, 5000), 'a database that was taken over is stopped too');
});

test('when only its outer half is killed, everything stops', async () => {
  const launcher = await launch().ready();
  const { pid, processes } = launcher.run;
  launcher.child.kill('SIGKILL');
  for (const part of [pid, processes.api.pid, processes.worker.pid, processes.live.pid]) assert.ok(await waitForExit(part, 15_000));
});

test('a second start on the same data folder is refused', async () => {
  const launcher = await launch().ready();
  await refuses(launch(), /already running on .* \(process \d+, http:\/\/localhost:\d+\)/);
  assert.equal(await launcher.stop(), 0);
});

test('a start on a copy of the data folder leaves the processes of the original alone', async () => {
  const launcher = await launch().ready();
  const { processes } = launcher.run;
  const copy = join(checkout.folder, 'a copy');
  mkdirSync(copy, { mode: 0o711 });
  for (const name of ['secrets.json', 'state.json', 'run.json']) copyFileSync(join(checkout.dataDir, name), join(copy, name));
  const beside = await launch({ AUSCULT_DATA_DIR: copy }).ready();
  assert.doesNotMatch(beside.output, /recovery/);
  assert.notEqual(beside.run.pid, launcher.run.pid);
  for (const [name, { pid, startTime }] of Object.entries(processes)) assert.equal(startTimeOf(pid), startTime, `${name} was ended`);
  assert.equal(await beside.stop(), 0);
  assert.equal(await launcher.stop(), 0);
});

test('the metrics stay on the loopback wherever the portal answers, or go where METRICS_HOST says', async () => {
  const open = await launch({ HOST: '0.0.0.0' }).ready();
  const answers = (host, port) => fetch(`http://${host}:${port}/`).then(() => true, () => false);
  for (const port of Object.values(open.run.metrics)) assert.deepEqual([await answers('127.0.0.1', port), await answers('127.0.0.2', port)], [true, false]);
  assert.equal(await open.stop(), 0);
  const elsewhere = await launch({ METRICS_HOST: '127.0.0.2' }).ready();
  for (const port of Object.values(elsewhere.run.metrics)) assert.deepEqual([await answers('127.0.0.1', port), await answers('127.0.0.2', port)], [false, true]);
  assert.equal(await elsewhere.stop(), 0);
  await refuses(launch({ METRICS_HOST: '203.0.113.7' }), /no address 203\.0\.113\.7\. Set METRICS_HOST to/);
});

test('a port in use is refused', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address();
  await refuses(launch({ PORT: String(port) }), new RegExp(`Port ${port} is in use.*PORT=${port + 1} npm start`));
  taken.close();
});

test('wrong settings are refused, without showing a password', async () => {
  await refuses(launch({ PORT: 'many' }), /PORT=many is not a port/);
  await refuses(launch({ AUSCULT_REDIS: 'big' }), /AUSCULT_REDIS=big is not known: give auto, system, wasm/);
  const wrong = launch({ DATABASE_URL: 'mysql://me:hidden-word@host/db' });
  await refuses(wrong, /DATABASE_URL is not an address that starts with postgres/);
  assert.doesNotMatch(wrong.output, /hidden-word/);
  await refuses(launch({ DATABASE_URL: 'postgresql://me:hidden-word@127.0.0.1:9/db' }), /DATABASE_URL does not answer: ECONNREFUSED/);
  await refuses(launch({ REDIS_URL: 'redis://127.0.0.1:9' }), /REDIS_URL does not answer: ECONNREFUSED/);
});

test('a process that refuses its configuration stops the start and leaves nothing behind', async () => {
  const launcher = launch({ STAND_IN_FAILS: 'api' });
  await refuses(launcher, /The api did not start \(exit code 1\): AUSCULT_MASTER_KEY must be 32 bytes/);
  assert.equal(launcher.run, null);
});

test('a data folder that cannot be used is refused', async () => {
  const file = join(checkout.folder, 'a-file');
  writeFileSync(file, '');
  await refuses(launch({ AUSCULT_DATA_DIR: file }), /is a file|not a folder|exists/i);
  await refuses(launch({ AUSCULT_DATA_DIR: join(file, 'below') }), /not a folder/);
  const damaged = join(checkout.folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'secrets.json'), '{"masterKey":');
  await refuses(launch({ AUSCULT_DATA_DIR: damaged }), /secrets\.json is damaged/);
  const lost = join(checkout.folder, 'lost');
  mkdirSync(join(lost, 'audio'), { recursive: true });
  await refuses(launch({ AUSCULT_DATA_DIR: lost }), /secrets\.json is missing, but this folder holds data/);
});

test('a full disk is refused', { skip: !isRoot && 'only root can mount a small disk' }, async (context) => {
  const small = mkdtempSync(join(tmpdir(), 'auscult-small-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]).status !== 0) return context.skip('no permission to mount here');
  try {
    await refuses(launch({ AUSCULT_DATA_DIR: small }), /Only \d MB are free at .*; Auscult needs 500 MB/);
    spawnSync('sh', ['-c', 'cat /dev/zero > "$1/full" 2>/dev/null', 'sh', small]);
    await refuses(launch({ AUSCULT_DATA_DIR: small }), /The disk is full|Only 0 MB are free/);
  } finally {
    spawnSync('umount', [small]);
    rmSync(small, { recursive: true });
  }
});

test('an ordinary user can run it, and is told about a folder that is not theirs', { skip: !isRoot && 'this run is one already' }, async (context) => {
  const user = { uid: 65_534, gid: 65_534 }; // nobody
  if (spawnSync('ls', [join(root, 'node_modules', 'nx')], { ...user, cwd: '/' }).status !== 0) return context.skip('this checkout is closed to other users');
  const own = mkdtempSync(join(tmpdir(), 'auscult-user-'));
  chownSync(own, user.uid, user.gid);
  await refuses(launch({ AUSCULT_DATA_DIR: '/root/not-mine', HOME: own }, user), /No permission to write at \/root\/not-mine/);
  const launcher = await launch({ AUSCULT_DATA_DIR: own, HOME: own }, user).ready();
  assert.equal(statSync(join(own, 'postgres', 'data')).uid, user.uid);
  assert.equal(await launcher.stop(), 0);
  rmSync(own, { recursive: true });
  const nameless = { uid: 12_345, gid: 12_345 };
  const theirs = mkdtempSync(join(tmpdir(), 'auscult-user-'));
  chownSync(theirs, nameless.uid, nameless.gid);
  await refuses(launch({ AUSCULT_DATA_DIR: theirs, HOME: theirs }, nameless), /user 12345 has no entry in \/etc\/passwd/);
  rmSync(theirs, { recursive: true });
});
