import { LIVE_FRAME_MS } from '@auscult/contracts';
import type { LiveCommand, LiveCommandStore } from './live-commands.js';

type Forget = Extract<LiveCommand, { kind: 'forget' }>['forget'];

/** Commands in the order in which they were given; the first one leaves when it is delivered. */
export class CommandQueue {
  #commands: LiveCommand[] = [];
  /** Delivered, and not done here. */
  readonly #undone = new Set<LiveCommand>();
  #saving: Promise<void> = Promise.resolve();
  /** Before that, and after the end, the store holds what this queue does not know. */
  #isLoaded = false;

  constructor(private readonly store: LiveCommandStore | null) {}

  /** The first one of which that is true. */
  first(isWanted: (command: LiveCommand) => boolean): LiveCommand | undefined {
    return this.#commands.find(isWanted);
  }

  /** What shall go off the record and waits for the server to do it. */
  get forgets(): readonly Forget[] {
    return this.#commands.flatMap((command) => (command.kind === 'forget' ? [command.forget] : []));
  }

  /** Puts what was left by an earlier page load before what was said since. False where the store does not answer: nothing in it is overwritten, try again. */
  async load(): Promise<boolean> {
    try {
      this.#commands.unshift(...((await this.store?.load()) ?? []));
    } catch {
      return false;
    }
    this.#isLoaded = true;
    this.#save();
    return true;
  }

  add(command: LiveCommand): void {
    this.#commands.push(command);
    this.#save();
  }

  /** @param done until then it stays in the store: what it asks for has to be done here as well */
  delivered(command: LiveCommand, done?: Promise<void>): void {
    this.#commands = this.#commands.filter((waiting) => waiting !== command);
    if (done) {
      this.#undone.add(command);
      void done.then(() => {
        this.#undone.delete(command);
        this.#save();
      });
    }
    this.#save();
  }

  /** The frames from `from` on got other numbers: what was said about them moves with them. */
  move(from: number, to: number): void {
    this.#commands = this.#commands.flatMap((command) => moved(command, from, to - from));
    this.#save();
  }

  /** Leaves the store to whoever goes on; resolves when it has everything. */
  close(): Promise<void> {
    this.#isLoaded = false;
    return this.#saving;
  }

  /** In memory they are in any case; a store that fails costs only the reload. */
  #save(): void {
    const { store } = this;
    if (!store || !this.#isLoaded) return;
    const commands = [...this.#undone, ...this.#commands];
    this.#saving = this.#saving.then(() => store.save(commands)).catch(() => undefined);
  }
}

/** The first frame that a request to forget asks for. */
export const forgetFrom = ({ minutes, until }: Forget): number => Math.max(0, until - (minutes * 60_000) / LIVE_FRAME_MS);

/** The frame behind everything that a command speaks of. */
export function reachOf(command: LiveCommand): number {
  if (command.kind === 'forget') return command.forget.until;
  return command.kind === 'mark' ? command.mark.atMs / LIVE_FRAME_MS : 0;
}

function moved(command: LiveCommand, from: number, frames: number): LiveCommand[] {
  switch (command.kind) {
    case 'mark':
      return [command.mark.atMs < from * LIVE_FRAME_MS ? command : { ...command, mark: { ...command.mark, atMs: command.mark.atMs + frames * LIVE_FRAME_MS } }];
    case 'forget':
      return movedForget(command, from, frames);
    case 'finish':
      return [{ ...command, frames: command.frames + frames }];
  }
}

/** What is off the record on both sides of the gap is asked for on both: rather a minute too much than a word too little. */
function movedForget(command: Extract<LiveCommand, { kind: 'forget' }>, from: number, frames: number): LiveCommand[] {
  const { until } = command.forget;
  if (until <= from) return [command];
  const behind: LiveCommand = { ...command, forget: { ...command.forget, until: until + frames } };
  if (from === 0 || forgetFrom(command.forget) >= from) return [behind];
  return [{ ...command, forget: { ...command.forget, markerId: crypto.randomUUID(), until: from } }, behind];
}
