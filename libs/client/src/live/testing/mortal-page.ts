import type { FrameMove } from '../frame-moves.js';
import type { FrameSpool } from '../frame-spool.js';
import type { LiveCommand, LiveCommandStore } from '../live-commands.js';
import { MemoryFrameSpool } from '../memory-frame-spool.js';
import { MemoryCommandStore } from './session-harness.js';

/** What outlives a page. */
export class Disk {
  readonly spool = new MemoryFrameSpool(3200);
  readonly commands = new MemoryCommandStore();
}

/** A page that dies before one of its writes: that and what comes after never happen, and nobody hears of it. */
export class MortalPage {
  isDead = false;
  readonly spool: FrameSpool;
  readonly commands: LiveCommandStore;
  #writes: number;

  /** @param writes so many it makes */
  constructor(disk: Disk, writes: number) {
    const { spool, commands } = disk;
    this.#writes = writes;
    this.spool = {
      get first() {
        return spool.first;
      },
      get next() {
        return spool.next;
      },
      read: (first, count) => spool.read(first, count),
      append: (first, frames, anew) => this.#write(() => spool.append(first, frames, anew)),
      silence: (from, until) => this.#write(() => spool.silence(from, until)),
      forgetBefore: (frame) => this.#write(() => spool.forgetBefore(frame)),
    };
    this.commands = {
      load: () => commands.load(),
      moves: () => commands.moves(),
      save: (all: readonly LiveCommand[], moves?: readonly FrameMove[]) => this.#write(() => commands.save(all, moves)),
    };
  }

  #write(work: () => Promise<void>): Promise<void> {
    if (this.#writes === 0) this.isDead = true;
    if (this.isDead) return new Promise(() => undefined);
    this.#writes -= 1;
    return work();
  }
}
