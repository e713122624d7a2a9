import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

type ProcessName = 'api' | 'worker' | 'live';
/** Ends them when the tests end, in whatever way. */
const LEAVE_WITH_PARENT = new URL('../../ops/launcher/leave-with-parent.mjs', import.meta.url).href;
const mainOf = (name: ProcessName) => fileURLToPath(new URL(`../dist/main.${name}.js`, import.meta.url));

/** A worker, or live worker, that a test may kill. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Where its metrics and health are, for example `http://127.0.0.1:43211`. */
  readonly metricsUrl: string;
  /** SIGKILL: as a crash or a power cut. */
  kill(): Promise<void>;
  /** SIGTERM: as a deployment. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGSTOP: as a machine that is suspended, or swaps. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}

/** Starts backend/dist/main.worker.js and waits until it is ready. Build first. */
export function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  return start('worker', env);
}

/** The same of backend/dist/main.live.js. @param preload module that Node loads before it, for example one that sets the clock wrong */
export function startLiveProcess(env: Record<string, string>, preload?: URL): Promise<WorkerProcess> {
  return start('live', env, preload ? ['--import', preload.href] : []);
}

/** An api on this port, besides the one in the test's own process. */
export function startApiProcess(env: Record<string, string>, port: number): Promise<WorkerProcess> {
  return start('api', { ...env, PORT: String(port) });
}

async function start(name: ProcessName, env: Record<string, string>, nodeOptions: string[] = []): Promise<WorkerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', LEAVE_WITH_PARENT, ...nodeOptions, mainOf(name)], {
    env: { PATH: process.env['PATH'] ?? '', ...env, METRICS_PORT: String(port) },
    stdio: ['ignore', process.env['TEST_LOG_LEVEL'] ? 'inherit' : 'ignore', 'inherit', 'ipc'],
    // As the launcher starts it: Linux shares the machine out between sessions first, and a process that gives way gives way within its own.
    detached: true,
  });
  child.channel?.unref();
  const metricsUrl = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`The ${name} process ended with ${child.exitCode}`);
    return (await fetch(`${metricsUrl}/health/ready`)).ok;
  });
  return {
    child, metricsUrl,
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    stop: () => end(child, 'SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
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
