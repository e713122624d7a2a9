import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AudioError } from './audio-error.js';
import type { AudioSource } from './audio-source.js';
import type { AudioDescription, DecoderReply, DecoderRequest } from './decoder/decoder-messages.js';

/** Sound that the decoder may prepare ahead: messages of half a second. */
const MESSAGES_AHEAD = 8;
/** A decoder that says nothing for this long while it is owed nothing hangs on its file. */
const SILENCE_LIMIT_MS = 60_000;
/** How a process ends when native code meets something it cannot take. */
const CRASH_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'];

/** Specs run the TypeScript sources; the process they start is always the built one. */
const ENTRY = import.meta.url.endsWith('.ts') ? '../../dist/audio/decoder/decoder-process.js' : './decoder/decoder-process.js';

/** The parent's end of one decoder process. */
export class DecoderConnection {
  readonly opened: Promise<AudioDescription>;
  truncated = false;
  private readonly child: ChildProcess;
  private readonly queue: Float32Array[] = [];
  private readonly pendingReads = new Set<number>();
  private state: 'running' | 'ended' | { failure: unknown } = 'running';
  private wake: (() => void) | null = null;
  private watchdog: NodeJS.Timeout | null = null;
  private settleOpened: { resolve: (description: AudioDescription) => void; reject: (reason: unknown) => void } | null = null;

  constructor(
    private readonly source: AudioSource,
    private readonly signal?: AbortSignal,
  ) {
    this.opened = new Promise((resolve, reject) => (this.settleOpened = { resolve, reject }));
    // The environment is left behind: a decoder needs none of the worker's secrets.
    this.child = fork(fileURLToPath(new URL(ENTRY, import.meta.url)), [], { serialization: 'advanced', execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.child.on('message', (reply) => this.receive(reply as DecoderReply));
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', (code, signal) => this.childExited(code, signal));
    signal?.addEventListener('abort', this.onAbort, { once: true });
    this.send({ type: 'open', sizeBytes: source.sizeBytes });
    for (let i = 0; i < MESSAGES_AHEAD; i += 1) this.send({ type: 'pull' });
    this.watch();
  }

  /** De-interleaved stretches of sound; can be read once. */
  async *frames(channelCount: 1 | 2): AsyncGenerator<Float32Array[]> {
    try {
      for (;;) {
        const samples = this.queue.shift();
        if (samples) {
          this.send({ type: 'pull' });
          this.watch();
          yield channelCount === 2 ? splitChannels(samples) : [samples];
        } else if (this.state === 'running') {
          await new Promise<void>((resolve) => (this.wake = resolve));
        } else if (this.state === 'ended') {
          return;
        } else {
          throw this.state.failure;
        }
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.fail(new Error('The audio was closed'));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private readonly onAbort = () => this.fail(this.signal?.reason);

  private receive(reply: DecoderReply): void {
    if (this.state !== 'running') return;
    this.watch();
    if (reply.type === 'read') void this.serve(reply.id, reply.start, reply.length);
    if (reply.type === 'opened') this.settleOpened?.resolve(reply);
    if (reply.type === 'frames') this.queue.push(reply.samples);
    if (reply.type === 'refused') this.fail(new AudioError(reply.code));
    if (reply.type === 'ended') this.end(reply.truncated);
    this.wake?.();
  }

  private async serve(id: number, start: number, length: number): Promise<void> {
    this.pendingReads.add(id);
    try {
      const bytes = await this.source.read(start, length);
      this.send({ type: 'bytes', id, bytes });
    } catch (error) {
      this.fail(error);
    }
    this.pendingReads.delete(id);
    this.watch();
  }

  private send(request: DecoderRequest): void {
    // A child that has just died is told by its exit; what was meant for it is of no use then.
    if (this.child.connected) this.child.send(request, () => undefined);
  }

  private childExited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.state !== 'running') return;
    if (CRASH_SIGNALS.includes(signal)) this.giveUpOnContent();
    else this.fail(new Error(`The decoder process ended unexpectedly (${signal ?? code})`));
  }

  /** The content crashed or hung the decoder: what came before is delivered. */
  private giveUpOnContent(): void {
    this.settleOpened?.reject(new AudioError('audio-damaged'));
    this.end(true);
  }

  private end(truncated: boolean): void {
    this.truncated = truncated;
    this.stop('ended');
  }

  private fail(failure: unknown): void {
    if (this.state !== 'running') return;
    this.queue.length = 0;
    this.stop({ failure });
    this.settleOpened?.reject(failure);
  }

  private stop(state: 'ended' | { failure: unknown }): void {
    this.state = state;
    this.signal?.removeEventListener('abort', this.onAbort);
    if (this.watchdog) clearTimeout(this.watchdog);
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
    this.wake?.();
  }

  private watch(): void {
    if (this.watchdog) clearTimeout(this.watchdog);
    this.watchdog = null;
    if (this.state !== 'running' || this.pendingReads.size > 0 || this.queue.length >= MESSAGES_AHEAD) return;
    this.watchdog = setTimeout(() => this.giveUpOnContent(), SILENCE_LIMIT_MS);
    this.watchdog.unref();
  }
}

function splitChannels(interleaved: Float32Array): Float32Array[] {
  const length = interleaved.length / 2;
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  for (let i = 0; i < length; i += 1) {
    left[i] = interleaved[2 * i] as number;
    right[i] = interleaved[2 * i + 1] as number;
  }
  return [left, right];
}
