import { randomUUID } from 'node:crypto';
import { frameBytesOf } from '../frame-cutter.js';
import type { FrameMove } from '../frame-moves.js';
import type { LiveCommand, LiveCommandStore } from '../live-commands.js';
import type { LiveSessionOptions } from '../live-sender.js';
import type { LiveSendPhase, LiveSendState } from '../live-send-state.js';
import { LiveSession } from '../live-session.js';
import type { LiveTiming } from '../live-timing.js';
import { MemoryFrameSpool } from '../memory-frame-spool.js';
import { FakeLiveServer } from './fake-live-server.js';
import { FakeNetwork } from './fake-network.js';

/** Waiting that a test does not feel. */
export const quick: LiveTiming = { audioTimeoutMs: 50, probeMs: 2, retryMs: 1, retryMaxMs: 4 };

/** A sequence of numbers that looks random and is the same every time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Sound of which every sample tells where it belongs. */
export function soundOf(samples: number, from = 0): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => (((from + i) * 7919) % 32_749) + 1);
}

export const bytesOf = (sound: Int16Array): Uint8Array => new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength);

/** The same padded with silence to whole frames, as the server has it in the end. */
export function framesOf(sound: Int16Array, channelCount = 1): Uint8Array {
  const frameBytes = frameBytesOf(channelCount);
  const whole = new Uint8Array(Math.ceil(sound.byteLength / frameBytes) * frameBytes);
  whole.set(bytesOf(sound));
  return whole;
}

const harnesses = new Set<SessionHarness>();

/** Ends what tests left open, so that no timer outlives them. */
export function closeSessions(): void {
  for (const { session } of harnesses) void session.close();
  harnesses.clear();
}

/** A session, its server and the network between them. */
export class SessionHarness {
  readonly server: FakeLiveServer;
  readonly network: FakeNetwork;
  readonly spool: MemoryFrameSpool;
  readonly states: LiveSendState[] = [];
  session: LiveSession;
  readonly #options: LiveSessionOptions;
  readonly #waiting = new Set<() => void>();

  constructor(options: Partial<LiveSessionOptions> = {}, server = new FakeLiveServer(options.channelCount ?? 1)) {
    this.server = server;
    this.network = new FakeNetwork(server);
    this.spool = new MemoryFrameSpool(frameBytesOf(server.channelCount));
    this.#options = {
      realtime: this.network, recordingId: randomUUID(), channelCount: server.channelCount, source: 'file', spool: this.spool,
      ...options,
      onState: (state) => {
        this.states.push(state);
        for (const look of [...this.#waiting]) look();
      },
    };
    this.session = new LiveSession(this.#options, quick);
    harnesses.add(this);
  }

  /** The page is loaded again: the spool and the stored commands are what is left. */
  reload(): LiveSession {
    void this.session.close();
    this.session = new LiveSession(this.#options, quick);
    return this.session;
  }

  /** Resolves with the first state, this one or a later one, of which `holds` is true. */
  until(holds: (state: LiveSendState) => boolean): Promise<LiveSendState> {
    return new Promise((resolve) => {
      const look = () => {
        const { state } = this.session;
        if (!holds(state)) return;
        this.#waiting.delete(look);
        resolve(state);
      };
      this.#waiting.add(look);
      look();
    });
  }

  phase(phase: LiveSendPhase): Promise<LiveSendState> {
    return this.until((state) => state.phase === phase);
  }
}

export class MemoryCommandStore implements LiveCommandStore {
  #commands: readonly LiveCommand[] = [];
  #moves: readonly FrameMove[] = [];
  readonly #waiting = new Set<() => void>();

  async load(): Promise<readonly LiveCommand[]> {
    return this.#commands;
  }

  async moves(): Promise<readonly FrameMove[]> {
    return this.#moves;
  }

  async save(commands: readonly LiveCommand[], moves: readonly FrameMove[] = []): Promise<void> {
    this.#commands = commands;
    this.#moves = moves;
    for (const look of [...this.#waiting]) look();
  }

  until(holds: (commands: readonly LiveCommand[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (holds(this.#commands)) resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
