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

/** So many processes in a row that end before their first answer: no further one is started. */
const MOST_FRUITLESS = 3;
/** Where others want all cores, 30 s of sound take minutes; a process that answers nothing for so long will answer nothing. */
const PATIENCE_MS = 300_000;
/** How long closing waits for what is in flight. */
const CLOSE_PATIENCE_MS = 5_000;

/** Of a core that others want as well, 3 % (nice 10: 10 %, 19: 1 %). */
const NICE = 15;

export interface BackgroundOptions {
  /** How far it gives way. */
  readonly nice: number;
  /** The process's module and how long it may be silent while something is in flight; tests put others in their place. */
  readonly entry: URL;
  readonly patienceMs: number;
  /** How long closing waits for what is in flight. */
  readonly closePatienceMs: number;
}

/** One process with the model, from its start to its end. */
class BackgroundProcess {
  readonly ready: Promise<void>;
  /** Whether it has ever answered anything. */
  hasAnswered = false;
  failure: BackgroundFailedError | null = null;
  private child: ChildProcess | null = null;
  private readonly inFlight = new InFlight<string>();
  private settleReady!: { resolve: () => void; reject: (reason: unknown) => void };
  private isReady = false;
  private watchdog: NodeJS.Timeout | null = null;

  constructor(
    model: BackgroundModel,
    private readonly options: BackgroundOptions,
  ) {
    this.ready = new Promise((resolve, reject) => (this.settleReady = { resolve, reject }));
    // A failure reaches whoever waits for an answer.
    this.ready.catch(() => undefined);
    this.watch();
    try {
      this.child = this.fork(model);
    } catch (error) {
      // A system without memory has no process to give.
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  recognize(samples: Float32Array): Promise<string> {
    if (this.failure) return Promise.reject(this.failure);
    return this.inFlight.ask((id) => {
      this.keepAlive();
      this.watch();
      this.child?.send({ id, samples } satisfies ToBackground, (error) => error && this.fail(error.message));
    });
  }

  async close(): Promise<void> {
    if (this.failure || !this.child) return;
    const ended = once(this.child, 'exit');
    this.child.ref();
    this.child.disconnect();
    await ended;
  }

  /** Ends it, whatever it does. */
  fail(reason: string): void {
    this.failure ??= new BackgroundFailedError(reason);
    this.settleReady.reject(this.failure);
    this.inFlight.refuseAll(this.failure);
    this.child?.kill('SIGKILL');
    this.rest();
  }

  private fork(model: BackgroundModel): ChildProcess {
    // The environment is left behind: this process needs none of its parent's secrets.
    const child = fork(fileURLToPath(this.options.entry), [JSON.stringify(model)], {
      env: { UV_THREADPOOL_SIZE: String(model.parallel) }, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (message: FromBackground) => this.receive(message));
    child.on('error', (error) => this.fail(error.message));
    child.on('exit', (code, signal) => this.fail(`its process ended (${signal ?? code})`));
    return child;
  }

  private receive(message: FromBackground): void {
    if (message.type === 'ready') {
      this.isReady = true;
      this.settleReady.resolve();
    } else {
      this.hasAnswered = true;
      if (message.type === 'heard') this.inFlight.answered(message.id, message.text);
      else this.inFlight.refused(message.id, new Error(message.reason));
    }
    this.keepAlive();
    this.rest();
    this.watch();
  }

  /** Once nothing is in flight, the child keeps its parent from nothing. */
  private keepAlive(): void {
    const how = this.inFlight.size > 0 ? 'ref' : 'unref';
    this.child?.[how]();
    this.child?.channel?.[how]();
  }

  /** While it starts or has something to answer, it is expected to be heard of. Further questions give it no further time. */
  private watch(): void {
    if (this.isReady && this.inFlight.size === 0) return;
    this.watchdog ??= setTimeout(() => this.fail('it does not answer'), this.options.patienceMs);
  }

  private rest(): void {
    if (this.watchdog) clearTimeout(this.watchdog);
    this.watchdog = null;
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
  /** Processes before this one, in a row, that ended without an answer. */
  private fruitless = 0;

  private constructor(
    override readonly name: string,
    private readonly start: () => BackgroundProcess,
    private readonly closePatienceMs: number,
    private process: BackgroundProcess,
  ) {
    super();
  }

  /**
   * Opens the model that `fetchModel` has put into `dir`, for so many decodes at once.
   * @throws BackgroundFailedError
   */
  static async load(dir: string, model: ModelName, parallel: number, wanted: Partial<BackgroundOptions> = {}): Promise<BackgroundRecognizer> {
    const options = { nice: NICE, entry: new URL(ENTRY, import.meta.url), patienceMs: PATIENCE_MS, closePatienceMs: CLOSE_PATIENCE_MS, ...wanted };
    const start = () => new BackgroundProcess({ dir, model, nice: options.nice, parallel }, options);
    const process = start();
    await process.ready;
    return new BackgroundRecognizer(models[model].engine, start, options.closePatienceMs, process);
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  override get unusable(): BackgroundFailedError | null {
    const { failure, hasAnswered } = this.process;
    return failure && !hasAnswered && this.fruitless + 1 >= MOST_FRUITLESS ? failure : null;
  }

  override async recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    options.signal?.throwIfAborted();
    if (this.closed) throw new Error('The recogniser is closed');
    if (this.process.failure && !this.unusable) this.restart();
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
    const impatience = setTimeout(() => this.process.fail('it does not end'), this.closePatienceMs);
    await Promise.allSettled(this.working);
    await this.process.close();
    clearTimeout(impatience);
  }

  private restart(): void {
    this.fruitless = this.process.hasAnswered ? 0 : this.fruitless + 1;
    this.process = this.start();
  }
}
