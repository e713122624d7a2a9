import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AudioError } from './audio-error.js';
import type { AudioSource } from './audio-source.js';
import { type AudioDescription, DECODER_SOCKET, type DecoderMessage, MessageParser } from './decoder/decoder-wire.js';

/** Sound that may wait here to be read: messages of half a second. The socket holds about as much again. */
const MESSAGES_AHEAD = 8;
/** A decoder that says nothing for this long while nothing is owed to it hangs on its file. */
const SILENCE_LIMIT_MS = 60_000;
/** How a process ends when native code meets something it cannot take. */
const CRASH_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'];

/** Specs run the TypeScript sources; the process they start is always the built one. */
const ENTRY = import.meta.url.endsWith('.ts') ? '../../dist/audio/decoder/decoder-process.js' : './decoder/decoder-process.js';

type State = 'running' | 'ended' | { readonly failure: unknown };

/** The parent's end of one decoder process. */
export class DecoderConnection {
  readonly opened: Promise<AudioDescription>;
  truncated = false;
  private readonly child: ChildProcess;
  private readonly socket: Socket;
  private readonly parser = new MessageParser();
  private readonly queue: Float32Array[] = [];
  private state: State = 'running';
  private serving = false;
  private wake: (() => void) | null = null;
  private watchdog: NodeJS.Timeout | null = null;
  private settleOpened: { resolve: (description: AudioDescription) => void; reject: (reason: unknown) => void } | null = null;

  constructor(
    private readonly source: AudioSource,
    private readonly signal?: AbortSignal,
  ) {
    this.opened = new Promise((resolve, reject) => (this.settleOpened = { resolve, reject }));
    // The environment is left behind: a decoder needs none of the worker's secrets.
    const options = { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] as ('ignore' | 'pipe')[] };
    this.child = spawn(process.execPath, [fileURLToPath(new URL(ENTRY, import.meta.url)), String(source.sizeBytes)], options);
    this.socket = this.child.stdio[DECODER_SOCKET] as Socket;
    this.socket.on('data', (bytes: Buffer) => this.receive(bytes));
    // A socket that breaks is told by the exit that follows.
    this.socket.on('error', () => undefined);
    this.child.on('error', (error) => this.fail(error));
    this.child.on('close', (code, signal) => this.childExited(code, signal));
    signal?.addEventListener('abort', this.onAbort, { once: true });
    this.watch();
  }

  /** De-interleaved stretches of sound; can be read once. */
  async *frames(channelCount: 1 | 2): AsyncGenerator<Float32Array[]> {
    try {
      for (;;) {
        const samples = this.queue.shift();
        if (samples) {
          this.allowMore();
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
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private readonly onAbort = () => this.fail(this.signal?.reason);

  private receive(bytes: Buffer): void {
    for (const message of this.parser.feed(bytes)) {
      if (this.state !== 'running') return;
      this.take(message);
    }
    if (this.queue.length >= MESSAGES_AHEAD) this.socket.pause();
    this.watch();
    this.wake?.();
  }

  private take(message: DecoderMessage): void {
    if (message.type === 'read') void this.serve(message.start, message.length);
    if (message.type === 'opened') this.settleOpened?.resolve(message);
    if (message.type === 'frames') this.queue.push(message.samples);
    if (message.type === 'refused') this.fail(new AudioError(message.code));
    if (message.type === 'ended') this.end(message.truncated);
  }

  private async serve(start: number, length: number): Promise<void> {
    this.serving = true;
    this.rest();
    try {
      const bytes = await this.source.read(start, length);
      const header = Buffer.alloc(4);
      header.writeUInt32LE(bytes.length);
      if (this.state !== 'running') return;
      this.socket.write(header);
      this.socket.write(bytes);
      this.serving = false;
      this.watch();
    } catch (error) {
      this.fail(error);
    }
  }

  private allowMore(): void {
    if (this.queue.length >= MESSAGES_AHEAD / 2 || !this.socket.isPaused()) return;
    this.socket.resume();
    this.watch();
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

  private stop(state: State): void {
    this.state = state;
    this.signal?.removeEventListener('abort', this.onAbort);
    this.rest();
    this.child.kill('SIGKILL');
    this.socket.destroy();
    this.wake?.();
  }

  private rest(): void {
    if (this.watchdog) clearTimeout(this.watchdog);
    this.watchdog = null;
  }

  /** Starts waiting anew for a sign of life, unless it is the reader who is waited for. */
  private watch(): void {
    this.rest();
    if (this.state !== 'running' || this.serving || this.socket.isPaused()) return;
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
