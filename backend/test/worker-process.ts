import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const MAIN = fileURLToPath(new URL('../dist/main.worker.js', import.meta.url));

/** A worker that a test may kill. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Where its metrics and health are, for example `http://127.0.0.1:43211`. */
  readonly metricsUrl: string;
  /** SIGKILL: as a crash or a power cut. */
  kill(): Promise<void>;
  /** SIGTERM: as a deployment. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts backend/dist/main.worker.js and waits until it is ready. Build first. */
export async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', ...env, METRICS_PORT: String(port) },
    stdio: ['ignore', process.env['TEST_LOG_LEVEL'] ? 'inherit' : 'ignore', 'inherit'],
  });
  const metricsUrl = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode}`);
    return (await fetch(`${metricsUrl}/health/ready`)).ok;
  }, 30_000);
  return { child, metricsUrl, kill: () => end(child, 'SIGKILL').then(() => undefined), stop: () => end(child, 'SIGTERM') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
