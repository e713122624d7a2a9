import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './ports.mjs';
import { identity } from './postgres-binaries.mjs';
import { root } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { SupervisedProcess } from './supervised-process.mjs';

/** Streams and ACLs as we use them came with 6.2. */
const OLDEST = [6, 2];

function systemRedis() {
  const { stdout, status } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = status === 0 && /v=(\d+)\.(\d+)/.exec(stdout);
  if (!version) return null;
  const [major, minor] = version.slice(1).map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]) ? `${major}.${minor}` : null;
}

/** One PING with the password, without a client library's reconnecting. */
function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let text = '';
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('+PONG')) finish(true);
      else if (text.startsWith('-')) finish(false);
    });
  });
}

/**
 * The embedded Redis: delivery and cache only, so nothing is written to disk; rows in PostgreSQL are the truth and are queued again
 * when it comes back empty. A redis-server of the machine if there is one, else Valkey as WebAssembly from npm.
 */
export async function embeddedRedis({ choice, dataDir, password, environment, report, onChange }) {
  const version = choice === 'wasm' ? null : systemRedis();
  if (choice === 'system' && !version) throw new Refusal(`AUSCULT_REDIS=system, but there is no redis-server ${OLDEST.join('.')} or newer on the PATH. Install one (Debian: apt-get install redis-server) or leave AUSCULT_REDIS out.`);
  const port = await freePort();
  const common = { name: 'Redis', cwd: '/', isReady: () => answersPing(port, password), readyWithinMs: 20_000, logFile: join(dataDir, 'logs', 'redis.log'), report, onChange };
  const system = {
    command: 'redis-server',
    args: ['-'], // settings by stdin: a password among the arguments would be readable in ps
    stdin: [`port ${port}`, 'bind 127.0.0.1', `requirepass ${password}`, 'save ""', 'appendonly no', 'daemonize no'].join('\n'),
    uid: identity.uid,
    env: environment,
  };
  const wasm = {
    command: process.execPath,
    args: ['--no-warnings', '--import', join(root, 'ops/launcher/leave-with-parent.mjs'), join(root, 'ops/embedded/valkey-server.mjs')],
    env: { ...environment, PORT: String(port), REDIS_PASSWORD: password },
  };
  const process_ = new SupervisedProcess({ ...common, ...(version ? system : wasm) });
  return { process: process_, url: `redis://:${password}@127.0.0.1:${port}`, label: version ? `redis-server ${version}` : 'Valkey (bundled, WebAssembly)' };
}
