import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRun } from '../data-folder.mjs';

/** The machine's own Node where there is one: the first half must run on it. */
const systemNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path)) ?? process.execPath;

/** A launcher under test: what it said, how it ended, and waiting for either. */
export class StartedLauncher {
  output = '';

  constructor(checkout, environment = {}, spawnOptions = {}) {
    const env = { ...process.env, PORT: '0', AUSCULT_EXAMPLE: 'no', AUSCULT_DATA_DIR: checkout.dataDir, ...environment };
    delete env.npm_execpath;
    this.checkout = checkout;
    this.dataDir = env.AUSCULT_DATA_DIR;
    this.child = spawn(systemNode, [join(checkout.folder, 'ops/launcher/start.mjs')], { cwd: checkout.folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...spawnOptions });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (text) => (this.output += text));
    this.exited = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
  }

  /** Resolves when the launcher has said it `times` times; fails when it ends or stays silent for a minute. */
  async said(pattern, times = 1) {
    const deadline = Date.now() + 60_000;
    const found = () => this.output.match(new RegExp(pattern, 'g'))?.length >= times;
    while (!found()) {
      if (this.child.exitCode !== null && !found()) throw new Error(`The launcher ended without saying ${pattern}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`The launcher did not say ${pattern}:\n${this.output}`);
      await delay(20);
    }
    return this;
  }

  ready() {
    return this.said('Open http');
  }

  /** Ends what it started, whatever state it is in; resolves to the exit code. */
  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode === null) this.child.kill(signal);
    return this.exited;
  }

  get run() {
    return readRun(this.dataDir);
  }
}
