import type { LiveForget, LiveMark } from '@auscult/contracts';

/** What is said to the server besides sound, as it waits for delivery; plain JSON. Each is idempotent, so it may be delivered twice. */
export type LiveCommand =
  | { kind: 'mark'; mark: Omit<LiveMark, 'recordingId'> }
  | { kind: 'forget'; forget: Omit<LiveForget, 'recordingId' | 'writer'> }
  | { kind: 'finish'; frames: number };

/** Keeps undelivered commands over a reload of the page; a request to forget must not be lost with the tab. */
export interface LiveCommandStore {
  load(): Promise<readonly LiveCommand[]>;
  /** Replaces what was kept. */
  save(commands: readonly LiveCommand[]): Promise<void>;
}
