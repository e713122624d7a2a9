import type { LiveForget, LiveMark } from '@auscult/contracts';
import type { FrameMove } from './frame-moves.js';

/** What is said to the server besides sound, as it waits for delivery; plain JSON. Each is idempotent, so it may be delivered twice. */
export type LiveCommand =
  | { kind: 'mark'; mark: Omit<LiveMark, 'recordingId'> }
  | { kind: 'forget'; forget: Omit<LiveForget, 'recordingId' | 'writer'> }
  | { kind: 'finish'; frames: number };

/** Keeps undelivered commands over a reload of the page; a request to forget must not be lost with the tab. */
export interface LiveCommandStore {
  /** What was saved last, at a first start `[]`. Rejects when it cannot be read: then it is asked again, and until it answers nothing is sent. */
  load(): Promise<readonly LiveCommand[]>;
  /** Replaces what was kept, `moves` in one step with it: the commands speak of the numbers that frames have after those. */
  save(commands: readonly LiveCommand[], moves?: readonly FrameMove[]): Promise<void>;
  /**
   * The moves that were saved last. A spool may be written later than the commands: of a page that died in between they tell which numbers the commands mean. Goes together
   * with a spool that outlives the page.
   */
  moves?(): Promise<readonly FrameMove[]>;
}
