import type { LiveChannelCount, LiveSource } from '@auscult/contracts';
import type { FrameSpool } from './frame-spool.js';
import type { LiveCommandStore } from './live-commands.js';
import type { LiveConnection } from './live-connection.js';
import type { LiveSendState } from './live-send-state.js';
import type { VoiceNetwork } from './voice/voice-network.js';

export interface LiveSessionOptions {
  realtime: LiveConnection;
  /** A new UUID starts a session; a known one goes on with it (and takes it over from whoever was sending). */
  recordingId: string;
  channelCount: LiveChannelCount;
  source: LiveSource;
  /** Without one the server names the session by its date. */
  title?: string;
  /** Belongs to this recording; default: memory. What it holds is sent first. */
  spool?: FrameSpool;
  /** A UUID by which the server knows whose frames these are: belongs to the spool and is as old. Default: one for this sender. */
  sender?: string;
  /** It was opened before: should it have been deleted since, it is refused (`not-found`) and not begun anew. */
  known?: boolean;
  /** Nobody waits for it: it does not take the session from another device that has it now (`replaced`). */
  yields?: boolean;
  /** The server's voice detector (`AuscultClient.live`), asked for once the server would like several frames in a message: with it what ends an utterance is sent at once. */
  voiceDetector?: () => Promise<VoiceNetwork>;
  /** Where commands wait over a reload; default: they live in memory only. */
  commands?: LiveCommandStore;
  /** Hears every change of the state. */
  onState?: (state: LiveSendState) => void;
}

/** The sending side of one live session, as an application sees it; `LiveSession` is the real one. */
export interface LiveSender {
  readonly recordingId: string;
  readonly state: LiveSendState;
  /** Length of what was recorded so far, in ms: where a marker of this moment belongs. */
  readonly positionMs: number;
  /** Takes sound: any number of interleaved 16 kHz samples, or the same as little-endian bytes. Ignored while paused and after `finish`. */
  push(audio: Int16Array | Uint8Array): void;
  /**
   * Resolves once little enough waits here (two minutes); a microphone has no use for it, a file that is read faster than sent has. While the network is away, or
   * the client is signed out, it waits.
   */
  room(): Promise<void>;
  /** Marks a moment, by default this one; answers the marker's id. A session holds 2,000 marks, pauses among them: what is beyond is refused and dropped (`problem` says so). */
  mark(atMs?: number, label?: string): string;
  /** What is pushed is ignored until `resume`; the pause becomes a marker. In the recording it is 0.8 s of silence, which end what is being said. `since`, as Date.now() gives it: when it began. It counts as a mark. */
  pause(since?: number): void;
  resume(): void;
  /**
   * Off the record: silences the last minutes here at once and on the server as soon as it can be reached; answers the marker's id.
   */
  forget(minutes: 1 | 2 | 5): string;
  /**
   * No more sound comes. Resolves when the server has every frame and has accepted the end; it may take as long as the network is away. When the
   * client is signed out (`problem` is `sign-in-required`) it waits for a sign-in: get a token and call `realtime.connect()`, or give up by `close`. Until then a program
   * with something undelivered does not end by itself.
   * The phase becomes `finished` when all is durable: until then leave the session open. Rejects when the session was replaced, refused
   * or closed meanwhile.
   */
  finish(): Promise<void>;
  /** Leaves without finishing: a later session with the same id goes on. Resolves when the spool has everything that was pushed, or refuses it: who goes on with the same spool waits for that. */
  close(): Promise<void>;
}
