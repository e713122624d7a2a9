import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort } from './worker-process.js';

const VALKEY = fileURLToPath(new URL('../../ops/embedded/valkey-server.mjs', import.meta.url));

const PASSWORD = 'own';

/** A Redis of a test's own on a fixed port, to be killed and started again, empty: like the product's, it keeps nothing. */
export class OwnRedis {
  private server: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://:${PASSWORD}@127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    await (systemRedis() ? this.startSystem(String(this.port)) : this.startBundled(String(this.port)));
  }

  private async startSystem(port: string): Promise<void> {
    this.server = spawn('redis-server', ['--port', port, '--requirepass', PASSWORD, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    const client = new Redis(this.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await eventually(() => client.ping());
    await client.quit();
  }

  /** It says when it can be used; before, it takes connections without a password. */
  private async startBundled(port: string): Promise<void> {
    const server = spawn(process.execPath, [VALKEY], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, PORT: port, REDIS_PASSWORD: PASSWORD } });
    this.server = server;
    for await (const said of server.stdout.iterator({ destroyOnReturn: false })) if (String(said).includes('valkey-server: ready')) return;
    throw new Error('The bundled Redis did not start');
  }

  /** As when the machine loses power: connections break and everything is forgotten. */
  async kill(): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  }
}

function systemRedis(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));
}
