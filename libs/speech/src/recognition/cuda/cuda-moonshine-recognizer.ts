import { access } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { SAMPLE_RATE } from '../../audio/opened-audio.js';
import { type ModelName, modelPaths, models } from '../../models/model-registry.js';
import { InFlight } from '../in-flight.js';
import { type Recognition, type RecognizeOptions, Recognizer } from '../recognizer.js';
import { NoCudaDeviceError } from './cuda-driver.js';
import type { CudaWorkerData, FromCudaWorker, ToCudaWorker } from './cuda-worker-wire.js';
import { LONGEST_SAMPLES } from './moonshine-shape.js';
import { MoonshineVocabulary } from './moonshine-vocabulary.js';

/** The GPU or its driver failed: what was in flight may be tried again, the next call starts the device anew. */
export class GpuFailedError extends Error {
  readonly retryable = true;

  constructor(reason: string) {
    super(`The GPU failed: ${reason}`);
    this.name = 'GpuFailedError';
  }
}

/** Under 0.1 s the encoder's convolutions have nothing to work on, as for the CPU engine. */
const SHORTEST_SAMPLES = SAMPLE_RATE / 10;
/**
 * On an H100 base ran 1,839 times real time with 8 in flight, 2,720 with 16 and 3,462 with 32. Long before that the voice detector is the
 * narrow place (raw loop: 227, 250 and 220), and each takes 43 MB on the card.
 */
export const CUDA_SLOTS = 16;

/** So many threads in a row that fail before they are ready: the device is lost. */
const MOST_FAILED_STARTS = 3;

/** An answer takes far less than a second; a device that gives none for so long will give none. */
const PATIENCE_MS = 60_000;

/** Specs run the TypeScript sources; the thread that they start is always the built one. */
const ENTRY = import.meta.url.endsWith('.ts') ? '../../../dist/recognition/cuda/cuda-worker.js' : './cuda-worker.js';

export interface CudaOptions {
  /** How many utterances are decoded at once; fewer where the device has too little memory. */
  readonly slots: number;
  /** The thread's module and how long it may be silent; tests put others in their place. */
  readonly entry: URL;
  readonly patienceMs: number;
}

/** One thread with the device, from its start to its end. */
class CudaThread {
  private readonly inFlight = new InFlight<Int32Array>();
  private readonly worker: Worker;
  private watchdog: NodeJS.Timeout | null = null;
  private failure: Error | null = null;
  readonly ready: Promise<{ device: string; slots: number }>;
  private settleReady!: { resolve: (ready: { device: string; slots: number }) => void; reject: (reason: unknown) => void };

  constructor(
    data: CudaWorkerData,
    private readonly options: CudaOptions,
  ) {
    this.ready = new Promise((resolve, reject) => (this.settleReady = { resolve, reject }));
    // Whoever starts a thread anew does not wait for it; a failure reaches what is in flight.
    this.ready.catch(() => undefined);
    this.worker = new Worker(options.entry, { workerData: data });
    this.worker.on('message', (message: FromCudaWorker) => this.receive(message));
    this.worker.on('error', (error: Error) => this.fail(new GpuFailedError(error.message)));
    this.worker.on('exit', () => this.fail(new GpuFailedError('its thread ended')));
  }

  get broken(): boolean {
    return this.failure !== null;
  }

  recognize(samples: Float32Array): Promise<Int32Array> {
    if (this.failure) return Promise.reject(this.failure);
    return this.inFlight.ask((id) => {
      this.watch();
      // The thread gets samples of its own: the caller's stay as they were.
      this.send({ type: 'recognize', id, samples: samples.slice() });
    });
  }

  async close(): Promise<void> {
    if (this.failure) return;
    this.worker.ref();
    const ended = new Promise((resolve) => this.worker.once('exit', resolve));
    this.send({ type: 'close' });
    await ended;
  }

  private send(message: ToCudaWorker): void {
    this.worker.postMessage(message, message.type === 'recognize' ? [message.samples.buffer as ArrayBuffer] : []);
  }

  private receive(message: FromCudaWorker): void {
    switch (message.type) {
      case 'ready':
        this.settleReady.resolve({ device: message.device, slots: message.slots });
        this.watch();
        break;
      case 'tokens':
        this.inFlight.answered(message.id, message.tokens);
        this.watch();
        break;
      case 'unusable':
        this.fail(new NoCudaDeviceError(message.reason));
        break;
      case 'failed':
        this.fail(new GpuFailedError(message.reason));
        break;
    }
  }

  /** An idle device keeps no process alive; one that works is expected to be heard of. */
  private watch(): void {
    if (this.watchdog) clearTimeout(this.watchdog);
    this.watchdog = null;
    if (this.inFlight.size === 0) return this.worker.unref();
    this.worker.ref();
    this.watchdog = setTimeout(() => this.fail(new GpuFailedError('it does not answer')), this.options.patienceMs);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.settleReady.reject(this.failure);
    this.inFlight.refuseAll(this.failure);
    // It has said its last; whatever it still does must keep no process alive.
    this.watch();
    void this.worker.terminate();
  }
}

/**
 * Moonshine on an NVIDIA GPU by kernels of our own. Calls that are in flight together are decoded together; a text does not depend on
 * who it was decoded with. Takes up to 32 s.
 */
export class CudaMoonshineRecognizer extends Recognizer {
  override readonly capabilities = { wordTimes: false } as const;
  private closed = false;
  private readonly working = new Set<Promise<unknown>>();
  /** Threads in a row that failed before they were ready, and why the last one did. */
  private failedStarts = 0;
  private startFailure: Error | null = null;

  private constructor(
    override readonly name: string,
    /** The GPU's name as its driver gives it, and how many utterances it takes at once. */
    readonly device: string,
    readonly slots: number,
    private readonly vocabulary: MoonshineVocabulary,
    private readonly start: () => CudaThread,
    private thread: CudaThread,
  ) {
    super();
  }

  /**
   * Opens the model that `fetchModel` has put into `dir`.
   * @throws NoCudaDeviceError where there is no GPU that can be used
   */
  static async load(dir: string, model: ModelName, wanted: Partial<CudaOptions> = {}): Promise<CudaMoonshineRecognizer> {
    const options = { slots: CUDA_SLOTS, entry: new URL(ENTRY, import.meta.url), patienceMs: PATIENCE_MS, ...wanted };
    const { encoder, decoder, tokens } = modelPaths(model, dir);
    for (const path of [encoder, decoder]) await access(path);
    const vocabulary = await MoonshineVocabulary.read(tokens);
    const start = () => new CudaThread({ dir, model, slots: options.slots }, options);
    const thread = start();
    const { device, slots } = await thread.ready;
    return new CudaMoonshineRecognizer(models[model].engine, device, slots, vocabulary, start, thread);
  }

  /** The next call starts the device anew all the same: it may come back. */
  override get unusable(): Error | null {
    return this.failedStarts >= MOST_FAILED_STARTS ? this.startFailure : null;
  }

  override async recognize(samples: Float32Array, options: RecognizeOptions = {}): Promise<Recognition> {
    options.signal?.throwIfAborted();
    if (this.closed) throw new Error('The recogniser is closed');
    if (samples.length < SHORTEST_SAMPLES) return { text: '' };
    if (samples.length > LONGEST_SAMPLES) throw new RangeError('The recogniser takes up to 32 s at once');
    if (this.thread.broken) this.restart();
    const working = this.thread.recognize(samples);
    this.working.add(working);
    try {
      const tokens = await working;
      options.signal?.throwIfAborted();
      return { text: this.vocabulary.text(tokens) };
    } finally {
      this.working.delete(working);
    }
  }

  override async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.allSettled(this.working);
    await this.thread.close();
  }

  private restart(): void {
    this.thread = this.start();
    this.thread.ready.then(
      () => (this.failedStarts = 0),
      (reason: unknown) => {
        this.failedStarts += 1;
        this.startFailure = reason instanceof Error ? reason : new GpuFailedError(String(reason));
      },
    );
  }
}
