import { signal } from '@angular/core';
import type { FrameSpool } from '@auscult/client';
import { LIVE_FRAME_SAMPLES, type LiveChannelCount } from '@auscult/contracts';
import { BLOCKS, type LiveDatabase } from './live-database';

/** Frames in one record: a second. */
const BLOCK_FRAMES = 10;
/** Blocks held in memory although they are written, for the sender that follows close behind: half a minute. */
const RECENT_BLOCKS = 30;
/** Blocks of a time without room that are written with a new one once there is some: a little more each second, not all at once. */
const CATCH_UP_BLOCKS = 20;
/** Frames that have moved in memory alone are written all at once, or none: where they are more than that, it is tried with every tenth new block. */
const MANY_MOVED_EVERY = 10;

/** What a reload would lose: nothing; what there was no room for; everything. */
export type Keeps = 'all' | 'no-room' | 'nothing';

interface Block {
  /** First frame in `bytes`; later than the block's own first one only where the session went on elsewhere before. */
  first: number;
  bytes: Uint8Array;
}
type StoredBlock = Block & { sessionId: string; block: number };

/**
 * The frames of one session in IndexedDB. Each append is written at once, into the record of its second, so that a crashed tab loses
 * nothing that was captured. What the browser does not keep, at all or for want of room (`keeps` says so), is held in memory: a full
 * disk must not stop the session from being sent.
 */
export class IndexedDbFrameSpool implements FrameSpool {
  private readonly recent = new Map<number, Block>();
  private readonly frameBytes: number;
  /** Blocks whose newest state is in memory alone. */
  private readonly unwritten = new Set<number>();
  private readonly kept = signal<Keeps>('all');
  readonly keeps = this.kept.asReadonly();
  /** The frames have moved in memory alone: in the database blocks before this one, and all numbers, are outdated until what stands in their place is written there. */
  private outdatedBefore: number | null = null;
  /** No block before this one is kept. */
  private firstBlock = 0;
  /** The first frame since the session went on elsewhere last, or ever. */
  private begun = 0;
  private end = 0;

  private constructor(
    private readonly database: LiveDatabase | null,
    private readonly sessionId: string,
    channelCount: LiveChannelCount,
  ) {
    this.frameBytes = LIVE_FRAME_SAMPLES * channelCount * 2;
    if (database === null) this.kept.set('nothing');
  }

  static async open(database: LiveDatabase | null, sessionId: string, channelCount: LiveChannelCount): Promise<IndexedDbFrameSpool> {
    const spool = new IndexedDbFrameSpool(database, sessionId, channelCount);
    await spool.recover();
    return spool;
  }

  get first(): number {
    return Math.max(this.begun, this.firstBlock * BLOCK_FRAMES);
  }

  get next(): number {
    return this.end;
  }

  async append(first: number, frames: Uint8Array, anew = first !== this.end): Promise<void> {
    const until = first + frames.byteLength / this.frameBytes;
    const blocks = new Map<number, Block>();
    for (let frame = first; frame < until;) {
      const index = Math.floor(frame / BLOCK_FRAMES);
      const upTo = Math.min(until, (index + 1) * BLOCK_FRAMES);
      const before = !anew && index * BLOCK_FRAMES < first ? await this.block(index) : null;
      const added = frames.subarray((frame - first) * this.frameBytes, (upTo - first) * this.frameBytes);
      blocks.set(index, before ? { first: before.first, bytes: joined([before.bytes, added]) } : { first: frame, bytes: added.slice() });
      frame = upTo;
    }
    if (anew) {
      this.outdatedBefore = Math.floor(first / BLOCK_FRAMES);
      // Where the session goes on is kept although no frame is: and nothing of before stays in the block of the next.
      if (blocks.size === 0) blocks.set(this.outdatedBefore, { first, bytes: new Uint8Array(0) });
    }
    await this.keep(blocks);
    this.end = until;
    if (anew) {
      this.begun = first;
      this.letGoBefore(Math.floor(first / BLOCK_FRAMES));
    }
    this.letGo();
  }

  async read(first: number, count: number): Promise<Uint8Array> {
    const until = Math.min(first + count, this.end);
    const read = new Uint8Array(Math.max(0, until - first) * this.frameBytes);
    for (let index = Math.floor(first / BLOCK_FRAMES); index * BLOCK_FRAMES < until; index += 1) {
      const block = await this.block(index);
      if (!block) continue;
      const [from, upTo] = [Math.max(first, block.first), Math.min(until, this.endOf(block))];
      if (upTo > from) read.set(block.bytes.subarray((from - block.first) * this.frameBytes, (upTo - block.first) * this.frameBytes), (from - first) * this.frameBytes);
    }
    return read;
  }

  /** The last block stays, whatever was stored: it tells where the session goes on after a reload. */
  async forgetBefore(frame: number): Promise<void> {
    await this.dropBefore(Math.min(Math.floor(frame / BLOCK_FRAMES), this.lastBlock()));
  }

  async silence(from: number, until: number): Promise<void> {
    const blocks = new Map<number, Block>();
    for (let index = Math.max(this.firstBlock, Math.floor(from / BLOCK_FRAMES)); index <= this.lastBlock() && index * BLOCK_FRAMES < until; index += 1) {
      const block = await this.block(index);
      if (!block) continue;
      const [begin, end] = [Math.max(from, block.first) - block.first, Math.min(until, this.endOf(block)) - block.first];
      if (end <= begin) continue;
      const bytes = block.bytes.slice().fill(0, begin * this.frameBytes, end * this.frameBytes);
      blocks.set(index, { first: block.first, bytes });
    }
    await this.overwrite(blocks);
    this.letGo();
  }

  /** In the database if there is room, in one step with the removal of what is outdated. While there is none it is tried again once a second, with a new block. */
  private async keep(blocks: ReadonlyMap<number, Block>): Promise<void> {
    const hasMoved = this.outdatedBefore !== null;
    const isMuch = hasMoved && this.unwritten.size > CATCH_UP_BLOCKS;
    const isDue = (index: number): boolean => !this.recent.has(index) && (!isMuch || index % MANY_MOVED_EVERY === 0);
    const due = this.unwritten.size === 0 || [...blocks.keys()].some(isDue);
    for (const [index, block] of blocks) this.recent.set(index, block);
    // The old numbers and the new ones must never stand side by side.
    const waiting = hasMoved ? [...this.unwritten] : [...this.unwritten].slice(0, CATCH_UP_BLOCKS);
    const written = due && (await this.write([...waiting, ...blocks.keys()], this.outdatedBefore ?? 0));
    if (written) this.outdatedBefore = null;
    for (const index of written ? waiting : []) this.unwritten.delete(index);
    for (const index of blocks.keys()) {
      if (written) this.unwritten.delete(index);
      else this.unwritten.add(index);
    }
    this.judge();
  }

  /** Sound that must not stay in the database as it was: rejects if it does. Where its silence finds no room it is removed. */
  private async overwrite(blocks: ReadonlyMap<number, Block>): Promise<void> {
    for (const [index, block] of blocks) this.recent.set(index, block);
    if (this.outdatedBefore !== null) return this.replace(this.outdatedBefore);
    if (await this.write([...blocks.keys()])) return;
    await this.database?.write(BLOCKS, (store) => {
      for (const index of blocks.keys()) store.delete([this.sessionId, index]);
    });
    for (const index of blocks.keys()) this.unwritten.add(index);
    this.judge();
  }

  /** The frames have moved in memory alone, so that what must not stay is in the database by numbers of before: all of that leaves, for what is in memory if there is room. */
  private async replace(outdatedBefore: number): Promise<void> {
    const written = await this.write([...this.unwritten], outdatedBefore);
    if (written) this.unwritten.clear();
    else await this.database?.write(BLOCKS, (store) => void store.delete(this.before(Number.MAX_SAFE_INTEGER)));
    this.outdatedBefore = null;
    this.judge();
  }

  private async write(indices: readonly number[], from = 0): Promise<boolean> {
    const { database, sessionId } = this;
    if (!database || (indices.length === 0 && from === 0)) return true;
    const work = (store: IDBObjectStore): void => {
      for (const block of indices) {
        const held = this.recent.get(block);
        if (held) store.put({ sessionId, block, ...held } satisfies StoredBlock);
      }
      if (from > 0) store.delete(this.before(from));
    };
    return database.write(BLOCKS, work).then(() => true, () => false);
  }

  private judge(): void {
    if (this.database) this.kept.set(this.unwritten.size > 0 ? 'no-room' : 'all');
  }

  private async block(index: number): Promise<Block | null> {
    const held = this.recent.get(index);
    if (held || !this.database) return held ?? null;
    return (await this.database.read<StoredBlock | undefined>(BLOCKS, (store) => store.get([this.sessionId, index]) as IDBRequest<StoredBlock | undefined>)) ?? null;
  }

  private async dropBefore(block: number): Promise<void> {
    if (block <= this.firstBlock) return;
    // What is there while the frames have moved in memory alone goes by other numbers: it leaves with the write that takes its place.
    if (this.outdatedBefore !== null) this.outdatedBefore = Math.max(this.outdatedBefore, block);
    // The server has it: a database that does not forget it now does so the next time, and the session goes on meanwhile.
    else await this.database?.write(BLOCKS, (store) => void store.delete(this.before(block))).catch(() => undefined);
    this.letGoBefore(block);
  }

  private letGoBefore(block: number): void {
    for (const index of this.recent.keys()) if (index < block) this.recent.delete(index);
    for (const index of this.unwritten) if (index < block) this.unwritten.delete(index);
    this.firstBlock = block;
    this.judge();
  }

  private async recover(): Promise<void> {
    if (!this.database) return;
    const range = IDBKeyRange.bound([this.sessionId, 0], [this.sessionId, Number.MAX_SAFE_INTEGER]);
    const keys = await this.database.read(BLOCKS, (store) => store.getAllKeys(range));
    const indices = keys.map((key) => (key as [string, number])[1]);
    const last = await this.block(indices.at(-1) ?? 0);
    if (!last) return;
    this.firstBlock = indices[0] ?? 0;
    this.begun = (await this.block(this.firstBlock))?.first ?? 0;
    this.end = this.endOf(last);
  }

  private before(block: number): IDBKeyRange {
    return IDBKeyRange.bound([this.sessionId, 0], [this.sessionId, block], false, true);
  }

  private letGo(): void {
    if (!this.database) return;
    const oldest = this.lastBlock() - RECENT_BLOCKS;
    for (const index of this.recent.keys()) if (index < oldest && !this.unwritten.has(index)) this.recent.delete(index);
  }

  private endOf(block: Block): number {
    return block.first + block.bytes.byteLength / this.frameBytes;
  }

  private lastBlock(): number {
    return Math.max(0, Math.floor((this.end - 1) / BLOCK_FRAMES));
  }
}

function joined([before, added]: readonly [Uint8Array, Uint8Array]): Uint8Array {
  const all = new Uint8Array(before.byteLength + added.byteLength);
  all.set(before);
  all.set(added, before.byteLength);
  return all;
}
