import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ModelName, models } from '../../models/model-registry.js';
import { InFlight } from '../in-flight.js';
import { type Recognition, type RecognizeOptions, Recognizer } from '../recognizer.js';
import type { BackgroundModel, FromBackground, ToBackground } from './background-wire.js';

/** The process ended or could not start: what was in flight may be tried again, the next call starts another one. */
export class BackgroundFailedError extends Error {
  override readonly name = 'BackgroundFailedError';
  readonly retryable = true;

  constructor(reason: string) {
    super(`The recogniser in the background failed: ${reason}`);
  }
}

/** Specs run the TypeScript sources; the process they start is always the built one. */
const ENTRY = import.meta.url.endsWith('.ts') ? '../../../dist/recognition/background/background-process.js' : './background-process.js';

/** Of a core that others want as well, 3 % (nice 10: 10 %, 19: 1 %). */
const NICE = 15;

/** One process with the model, from its start to its end. */
class BackgroundProcess {
  readonly ready: Promise<void>;
  private readonly child: ChildProcess;
  private readonly inFlight = new InFlight<string>();
  private settleReady!: { resolve: () => void; reject: (reason: unknown) => void };
  private failure: Error | null = null;

  constructor(model: BackgroundModel) {
    this.ready = new Promise((resolve, reject) => (this.settleReady = { resolve, reject }));
    // A failure reaches whoever waits for an answer.
    this.ready.catch(() => undefined);
    // The environment is left behind: this process needs none of its parent's secrets.
    this.child = fork(fileURLToPath(new URL(ENTRY, import.meta.url)), [JSON.stringify(model)], {
      env: { UV_THREADPOOL_SIZE: String(model.parallel) }, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message: FromBackground) => this.receive(message));
    this.child.on('error', (error) => this.fail(error.message));
    this.child.on('exit', (code, signal) => this.fail(`its process ended (${signal ?? code})`));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isBroken(): boolean {
    return this.failure !== null;
  }

  recognize(samples: Float32Array): Promise<string> {
    if (this.failure) return Promise.reject(this.failure);
    return this.inFlight.ask((id) => {
      this.keepAlive();
      this.child.send({ id, samples } satisfies ToBackground, (error) => error && this.fail(error.message));
    });
  }

  async close(): Promise<void> {
    if (this.failure) return;
    const ended = once(this.child, 'exit');
    this.child.ref();
    this.child.disconnect();
    await ended;
  }

  private receive(message: FromBackground): void {
    if (message.type === 'ready') {
      this.settleReady.resolve();
      return this.keepAlive();
    }
    if (message.type === 'heard') this.inFlight.answered(message.id, message.text);
    else this.inFlight.refused(message.id, new Error(message.reason));
    this.keepAlive();
  }

  /** Once nothing is in flight, the child keeps its parent from nothing. */
  private keepAlive(): void {
    const how = this.inFlight.size > 0 ? 'ref' : 'unref';
    this.child[how]();
    this.child.channel?.[how]();
  }

  private fail(reason: string): void {
    this.failure ??= new BackgroundFailedError(reason);
    this.settleReady.reject(this.failure);
    this.inFlight.refuseAll(this.failure);
    this.child.kill('SIGKILL');
  }
}

/**
 * Moonshine for whatever nobody waits for: in a process of its own whose threads give way to everything else on the machine, so that a long
 * decode here does not slow down those that somebody waits for. Costs a second copy of the model in memory.
 */
export class BackgroundRecognizer extends Recognizer {
  override readonly capabilities = { wordTimes: false } as const;
  private closed = false;
  private readonly working = new Set<Promise<unknown>>();

  private constructor(
    override readonly name: string,
    private readonly start: () => BackgroundProcess,
    private process: BackgroundProcess,
  ) {
    super();
  }

  /**
   * Opens the model that `fetchModel` has put into `dir`, for so many decodes at once.
   * @param nice how far it gives way
   * @throws BackgroundFailedError
   */
  static async load(dir: string, model: ModelName, parallel: number, nice = NICE): Promise<BackgroundRecognizer> {
    const start = () => new BackgroundProcess({ dir, model, nice, parallel });
    const process = start();
    await process.ready;
    return new BackgroundRecognizer(models[model].engine, start, process);
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  override async recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    options.signal?.throwIfAborted();
    if (this.closed) throw new Error('The recogniser is closed');
    if (this.process.isBroken) this.process = this.start();
    const working = this.process.recognize(samples);
    this.working.add(working);
    try {
      const text = await working;
      options.signal?.throwIfAborted();
      return { text };
    } finally {
      this.working.delete(working);
    }
  }

  override async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.allSettled(this.working);
    await this.process.close();
  }
}
