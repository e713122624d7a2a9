import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { openDataFolder, openSecrets } from './data-folder.mjs';
import { EmbeddedPostgres } from './postgres.mjs';
import { postgresHome } from './postgres-binaries.mjs';
import { signal, startTimeOf, waitForExit } from './processes.mjs';

let dataDir, secrets;
before(async () => {
  // A path with a space: initdb and postgres get it as an argument.
  dataDir = mkdtempSync(join(tmpdir(), 'auscult ops-'));
  await openDataFolder(dataDir);
  secrets = openSecrets(dataDir);
});
after(() => {
  rmSync(new EmbeddedPostgres(dataDir, secrets).home, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

async function query(url, text) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('makes a database, keeps it over a stop, and lets the application own only its own', async () => {
  const first = new EmbeddedPostgres(dataDir, secrets);
  await query(await first.start(() => undefined), 'create table kept as select 7 as number');
  assert.deepEqual(await query(first.url, 'select current_user, rolsuper from pg_roles where rolname = current_user'), [{ current_user: 'auscult', rolsuper: false }]);
  await first.stop();
  assert.equal(startTimeOf(first.pid), null);
  const second = new EmbeddedPostgres(dataDir, secrets);
  assert.deepEqual(await query(await second.start(() => undefined), 'select number from kept'), [{ number: 7 }]);
  await second.stop();
});

test('uses the server that outlived its launcher', async () => {
  const first = new EmbeddedPostgres(dataDir, secrets);
  await first.start(() => undefined);
  const second = new EmbeddedPostgres(dataDir, secrets);
  await second.start(() => undefined);
  assert.equal(second.pid, first.pid);
  assert.equal(second.port, first.port);
  await second.stop();
});

test('uses it too where the data folder is reached by a link', async () => {
  const place = mkdtempSync(join(tmpdir(), 'auscult-linked-'));
  chmodSync(place, 0o711); // so that the database lies inside
  const [folder, link] = ['folder', 'link'].map((name) => join(place, name));
  symlinkSync(folder, link);
  await openDataFolder(folder);
  const itsSecrets = openSecrets(folder);
  const first = new EmbeddedPostgres(link, itsSecrets);
  const second = new EmbeddedPostgres(link, itsSecrets);
  try {
    await first.start(() => undefined);
    await second.start(() => undefined);
    assert.equal(second.pid, first.pid);
  } finally {
    await second.stop();
    await first.stop();
    rmSync(place, { recursive: true });
  }
});

test('reports a server that is killed, recovers, and loses nothing that was committed', async () => {
  const first = new EmbeddedPostgres(dataDir, secrets);
  const lost = new Promise((resolve) => void first.start(resolve).then(async () => {
    await query(first.url, 'create table acknowledged as select 1 as number');
    signal(first.pid, 'SIGKILL');
  }));
  await lost;
  await waitForExit(first.pid, 5000);
  const second = new EmbeddedPostgres(dataDir, secrets);
  assert.deepEqual(await query(await second.start(() => undefined), 'select number from acknowledged'), [{ number: 1 }]);
  await second.stop();
});

test('a second launcher on the same folder is refused in one line', async () => {
  await assert.rejects(openDataFolder(dataDir), { name: 'Refusal', message: /already running/ });
});

test('keeps what a statement held out of its log', async () => {
  const server = new EmbeddedPostgres(dataDir, secrets);
  const url = await server.start(() => undefined);
  await query(url, "create table person (email text unique); insert into person values ('ann@example.org')");
  await assert.rejects(query(url, "insert into person values ('ann@example.org')"));
  await server.stop();
  const { readFileSync } = await import('node:fs');
  const log = readFileSync(server.logFile, 'utf8');
  assert.match(log, /duplicate key/);
  assert.doesNotMatch(log, /ann@example/);
});

test('a database stays where it is when a folder above it is closed to its user, or opened', { skip: process.getuid() !== 0 && 'root alone has a user of its own for PostgreSQL' }, () => {
  const above = mkdtempSync(join(tmpdir(), 'auscult-above-'));
  const homes = [];
  const home = (name) => {
    const found = postgresHome(join(above, name), `${name}-${process.pid}`);
    homes.push(found);
    return found;
  };
  try {
    chmodSync(above, 0o755);
    const inside = home('begun-open');
    assert.equal(inside, join(above, 'begun-open', 'postgres'));
    mkdirSync(join(inside, 'data'));
    chmodSync(above, 0o700);
    assert.throws(() => home('begun-open'), { name: 'Refusal', message: /cannot reach the database/ });
    assert.ok(existsSync(join(inside, 'data')));

    const outside = home('begun-closed');
    assert.ok(!outside.startsWith(above));
    mkdirSync(join(outside, 'data'));
    chmodSync(above, 0o755);
    assert.equal(home('begun-closed'), outside);
    assert.equal(home('begun-open'), inside);
  } finally {
    for (const made of [above, ...homes]) rmSync(made, { recursive: true, force: true });
  }
});

test('a copy of a data folder whose database lies outside does not get that database', { skip: process.getuid() !== 0 && 'root alone has a database outside the folder' }, () => {
  const above = mkdtempSync(join(tmpdir(), 'auscult-above-'));
  const installation = `copied-${process.pid}`;
  const [original, copy, moved] = ['original', 'copy', 'moved'].map((name) => join(above, name));
  mkdirSync(original);
  writeFileSync(join(original, 'secrets.json'), JSON.stringify({ installation }));
  const outside = postgresHome(original, installation);
  const homes = [outside];
  try {
    assert.ok(!outside.startsWith(above));
    mkdirSync(join(outside, 'data'));
    cpSync(original, copy, { recursive: true });
    assert.throws(() => postgresHome(copy, installation), { name: 'Refusal', message: new RegExp(`belongs to the data folder ${original}`) });
    assert.equal(postgresHome(original, installation), outside);

    // What the runbook tells: a database of its own, under another name.
    const another = `${installation}-copy`;
    homes.push(join(dirname(outside), another));
    cpSync(outside, homes[1], { recursive: true });
    assert.equal(postgresHome(copy, another), homes[1]);

    renameSync(original, moved);
    assert.equal(postgresHome(moved, installation), outside, 'a folder that was moved keeps its database');
    assert.throws(() => postgresHome(copy, installation), { name: 'Refusal' });

    rmSync(join(outside, 'owner.json'));
    assert.equal(postgresHome(moved, installation), outside, 'a database of an older version has no note');
    rmSync(moved, { recursive: true });
    cpSync(copy, moved, { recursive: true });
    assert.equal(postgresHome(moved, installation), outside, 'a folder put back from a backup keeps its database');
    assert.ok(existsSync(join(outside, 'data')));
  } finally {
    for (const made of [above, ...homes]) rmSync(made, { recursive: true, force: true });
  }
});
