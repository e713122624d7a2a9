import { spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './ports.mjs';
import { identity, postgresBinaries, postgresHome } from './postgres-binaries.mjs';
import { signal, startTimeOf, waitForExit } from './processes.mjs';
import { Refusal } from './refusal.mjs';

const READY_WITHIN_MS = 60_000;
const LOG_LIMIT_BYTES = 5e6;
const ROLE = 'auscult';

/**
 * terse and panic keep row contents and statements out of the log: a constraint that fails would name an email address there.
 * fsync stays on. Only the loopback is listened on, with passwords (scram), and no socket file is left behind.
 */
const options = (port) => [
  '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=100',
  '-c', 'log_error_verbosity=terse', '-c', 'log_min_error_statement=panic', '-c', 'log_line_prefix=%m ', '-c', 'timezone=UTC', '-c', 'log_timezone=UTC',
];

/** The embedded PostgreSQL of one data folder: made on the first start, kept, reused when it outlived its launcher. */
export class EmbeddedPostgres {
  constructor(dataDir, secrets, moreOptions = []) {
    this.secrets = secrets;
    this.moreOptions = moreOptions;
    this.logFile = join(dataDir, 'logs', 'postgres.log');
    // The real path: by it a server that runs is known (see #processesInside).
    this.home = realpathSync(postgresHome(dataDir, secrets.installation));
    this.cluster = join(this.home, 'data');
    this.binaries = postgresBinaries();
    this.pid = null;
  }

  /** Resolves to the address of the application's database. `onLost` is called when the server ends without `stop`. */
  async start(onLost) {
    if (!existsSync(this.cluster)) await this.#create();
    this.#checkVersion();
    const survivor = await this.#survivor();
    if (survivor) [this.pid, this.port] = survivor;
    else await this.#spawn();
    await this.#createDatabase();
    this.stopping = false;
    this.#watch(onLost);
    return this.url;
  }

  get url() {
    return `postgresql://${ROLE}:${this.secrets.databasePassword}@127.0.0.1:${this.port}/${ROLE}`;
  }

  get superuserUrl() {
    return `postgresql://postgres:${this.secrets.superuserPassword}@127.0.0.1:${this.port}/postgres`;
  }

  /** Fast shutdown (SIGINT): open transactions are rolled back, everything is written; a crash recovery if that hangs. */
  async stop() {
    this.stopping = true;
    if (!this.pid || startTimeOf(this.pid) === null) return;
    signal(this.pid, 'SIGINT');
    if (await waitForExit(this.pid, 30_000)) return;
    signal(this.pid, 'SIGQUIT');
    await waitForExit(this.pid, 5000);
  }

  /** Made under another name first: an interrupted initdb leaves nothing that looks finished. */
  async #create() {
    const unfinished = join(this.home, 'data.new');
    const passwordFile = join(this.home, 'password');
    rmSync(unfinished, { recursive: true, force: true });
    writeFileSync(passwordFile, `${this.secrets.superuserPassword}\n`, { mode: 0o600 });
    if (identity.uid) chownSync(passwordFile, identity.uid, identity.gid);
    try {
      await this.#initdb(['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--locale=C.UTF-8', '--encoding=UTF8']);
    } finally {
      rmSync(passwordFile, { force: true });
    }
    renameSync(unfinished, this.cluster);
  }

  async #initdb(args) {
    const child = spawn(join(this.binaries, 'bin', 'initdb'), args, { ...identity, cwd: this.home, env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code === 0) return;
    writeFileSync(this.logFile, output, { flag: 'a' });
    if (/user does not exist/.test(output)) throw new Refusal(`PostgreSQL needs a user with a name, and user ${process.getuid()} has no entry in /etc/passwd. Start as a named user, or set DATABASE_URL.`);
    if (/No space left/.test(output)) throw new Refusal(`The disk is full at ${this.home}. Free some space and start again.`);
    throw new Refusal(`PostgreSQL could not make its files: ${lastLine(output)} (${this.logFile})`);
  }

  #environment() {
    // Settings for somebody else's database (PGPORT, PGDATA ...) must not leak in.
    return Object.fromEntries(Object.entries({ ...process.env, LC_ALL: 'C.UTF-8' }).filter(([name]) => !name.startsWith('PG')));
  }

  #checkVersion() {
    const [wanted, present] = ['18', readFileSync(join(this.cluster, 'PG_VERSION'), 'utf8').trim()];
    if (present !== wanted) throw new Refusal(`The database in ${this.cluster} is of PostgreSQL ${present}, this version brings ${wanted}. docs/runbook.md tells how to move it.`);
  }

  /** Process and port of a server that outlived its launcher, once it answers to our password. */
  async #survivor() {
    const pidFile = join(this.cluster, 'postmaster.pid');
    const deadline = Date.now() + READY_WITHIN_MS;
    while (existsSync(pidFile) && Date.now() < deadline) {
      const lines = readFileSync(pidFile, 'utf8').split('\n');
      const pid = Number(lines[0]);
      if (!this.#isOurs(pid)) {
        await this.#clearStale(pidFile, pid);
        return null;
      }
      if (lines[7]?.trim() === 'ready' && (await this.#answers(Number(lines[3])))) return [pid, Number(lines[3])];
      await delay(100);
    }
    return null;
  }

  /**
   * A pid file of a server that died. PostgreSQL removes it itself, except when the number belongs to another process by now (usual
   * after a container restart): then only we can tell. Its backends must be gone first, or two servers would write to one folder.
   */
  async #clearStale(pidFile, pid) {
    const deadline = Date.now() + 20_000;
    while (this.#processesInside().length > 0) {
      if (Date.now() > deadline) throw new Refusal(`Processes of a database that crashed still work in ${this.cluster}. End them (ps aux | grep postgres) and start again.`);
      await delay(100);
    }
    if (startTimeOf(pid) !== null) rmSync(pidFile, { force: true });
  }

  #isOurs(pid) {
    return startTimeOf(pid) !== null && this.#processesInside().includes(pid);
  }

  /** Every PostgreSQL process has its data folder as working directory. */
  #processesInside() {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === this.cluster;
      } catch {
        return false; // gone, or another user's
      }
    });
  }

  async #spawn() {
    // Started again, it keeps its port: api and worker know that address.
    const keptPort = this.port;
    for (let attempt = 1; ; attempt += 1) {
      this.port = keptPort ?? (await freePort());
      this.#rotateLog();
      const log = openSync(this.logFile, 'a');
      // Detached, so that Ctrl-C reaches the processes that use it first; its log is a file, so that it outlives a killed launcher.
      const child = spawn(join(this.binaries, 'bin', 'postgres'), ['-D', this.cluster, ...options(this.port), ...this.moreOptions], { ...identity, cwd: this.home, env: this.#environment(), detached: true, stdio: ['ignore', log, log] });
      closeSync(log);
      this.pid = child.pid;
      let ended = false;
      child.on('exit', () => (ended = true));
      child.on('error', () => (ended = true));
      child.unref();
      const deadline = Date.now() + READY_WITHIN_MS;
      while (!ended && Date.now() < deadline) {
        if (await this.#answers(this.port)) return;
        await delay(25);
      }
      if (attempt === 2 || !ended) throw new Refusal(`PostgreSQL did not start: ${lastLine(readFileSync(this.logFile, 'utf8'))} (${this.logFile})`);
    }
  }

  #rotateLog() {
    if (existsSync(this.logFile) && statSync(this.logFile).size > LOG_LIMIT_BYTES) renameSync(this.logFile, `${this.logFile}.1`);
  }

  async #query(port, statements) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: this.secrets.superuserPassword, database: 'postgres', connectionTimeoutMillis: 3000 });
    client.on('error', () => undefined); // a server that ends while we ask: the query itself fails as well
    await client.connect();
    try {
      return await statements(client);
    } finally {
      await client.end();
    }
  }

  async #answers(port) {
    try {
      await this.#query(port, (client) => client.query('select 1'));
      return true;
    } catch (failure) {
      if (failure.code === '28P01') throw new Refusal(`The database in ${this.cluster} has another password than secrets.json. Put the right secrets.json back from a backup.`);
      return false; // not up yet
    }
  }

  /** The application owns its database and nothing else. */
  async #createDatabase() {
    await this.#query(this.port, async (client) => {
      const exists = async (text) => (await client.query(text, [ROLE])).rowCount > 0;
      if (!(await exists('select 1 from pg_roles where rolname = $1'))) {
        await client.query(`create role ${ROLE} login password ${client.escapeLiteral(this.secrets.databasePassword)}`);
      }
      if (!(await exists('select 1 from pg_database where datname = $1'))) await client.query(`create database ${ROLE} owner ${ROLE}`);
    });
  }

  #watch(onLost) {
    const began = startTimeOf(this.pid);
    const timer = setInterval(() => {
      if (startTimeOf(this.pid) === began) return;
      clearInterval(timer);
      if (!this.stopping) onLost();
    }, 500);
    timer.unref();
  }
}

const lastLine = (text) => text.trim().split('\n').pop().slice(0, 300);
