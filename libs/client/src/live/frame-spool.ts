/**
 * Where frames are kept until the server has stored them: IndexedDB in a browser, memory in Node. A frame is 100 ms of all
 * channels: 3,200 bytes for each channel. One session uses a spool from one place, one call of `append`, `silence` and
 * `forgetBefore` at a time and in order; `read` may come in between. A rejected call is made again until it succeeds.
 */
export interface FrameSpool {
  /**
   * Keeps whole frames, in order, the first of which has the number `first`. That is `next`, or a later one when the session went
   * on elsewhere: then the frames in between are not ours and what was kept before is forgotten. `anew` says so where it is `next` all the same.
   */
  append(first: number, frames: Uint8Array, anew?: boolean): Promise<void>;
  /** The frames from number `first` one after the other, fewer at the end. A frame that is not kept (any more) reads as silence. */
  read(first: number, count: number): Promise<Uint8Array>;
  /** Frames before this one are durable on the server. */
  forgetBefore(frame: number): Promise<void>;
  /** Off the record: overwrites the frames from `from` up to, not including, `until` with zeros, durably. */
  silence(from: number, until: number): Promise<void>;
  /** No frame before this one is kept; rises only. */
  readonly first: number;
  /** The number that the next frame gets: how many were appended so far, in earlier page loads too. */
  readonly next: number;
}
