import { LIVE_FRAME_MS } from '@auscult/contracts';
import type { FrameMove } from './frame-moves.js';
import type { LiveCommand, LiveCommandStore } from './live-commands.js';

type Forget = Extract<LiveCommand, { kind: 'forget' }>['forget'];

/** What an earlier page load has left. */
export interface LeftCommands {
  commands: readonly LiveCommand[];
  /** Which the commands have made, and the spool may not. */
  moves: readonly FrameMove[];
}

/** Commands in the order in which they were given; the first one leaves when it is delivered. */
export class CommandQueue {
  #commands: LiveCommand[] = [];
  /** Delivered, and not done here: as it is said by now. */
  readonly #undone = new Map<LiveCommand, readonly LiveCommand[]>();
  /** All of the session: whether the spool has made them is seen by the next page load. */
  #moves: readonly FrameMove[] = [];
  #saving: Promise<void> = Promise.resolve();
  /** Before that, and after the end, the store holds what this queue does not know. */
  #isLoaded = false;
  #unread = false;

  constructor(private readonly store: LiveCommandStore | null) {}

  /** What an earlier page load has left cannot be read: nothing is sent before it is known. */
  get unread(): boolean {
    return this.#unread;
  }

  /** The first one of which that is true. */
  first(isWanted: (command: LiveCommand) => boolean): LiveCommand | undefined {
    return this.#commands.find(isWanted);
  }

  /** What shall go off the record and waits for the server to do it. */
  get forgets(): readonly Forget[] {
    return this.#commands.flatMap((command) => (command.kind === 'forget' ? [command.forget] : []));
  }

  /** Null where the store does not answer: nothing in it is overwritten, try again. */
  async left(): Promise<LeftCommands | null> {
    try {
      const left = { commands: (await this.store?.load()) ?? [], moves: (await this.store?.moves?.()) ?? [] };
      this.#unread = false;
      return left;
    } catch {
      this.#unread = true;
      return null;
    }
  }

  /**
   * Puts what an earlier page load has left before what was said since.
   * @param late moves that are made up for now: what was left speaks of the numbers after them already, what was said since does not
   */
  goOn({ commands, moves }: LeftCommands, late: readonly FrameMove[]): void {
    this.#commands = [...commands, ...late.reduce(movedAll, this.#commands)];
    this.#moves = moves;
    this.#isLoaded = true;
    this.#save();
  }

  add(command: LiveCommand): void {
    this.#commands.push(command);
    this.#save();
  }

  /** @param done until then it stays in the store: what it asks for has to be done here as well */
  delivered(command: LiveCommand, done?: Promise<void>): void {
    this.#commands = this.#commands.filter((waiting) => waiting !== command);
    if (done) {
      this.#undone.set(command, [command]);
      void done.then(() => {
        this.#undone.delete(command);
        this.#save();
      });
    }
    this.#save();
  }

  /** The frames from `from` on got other numbers: what was said about them moves with them. Resolves when the store knows, or refuses to. */
  move(from: number, to: number): Promise<void> {
    const move = { from, to };
    this.#commands = movedAll(this.#commands, move);
    for (const [command, said] of this.#undone) this.#undone.set(command, movedAll(said, move));
    this.#moves = [...this.#moves, move];
    this.#save();
    return this.#saving;
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
    const [commands, moves] = [[...[...this.#undone.values()].flat(), ...this.#commands], this.#moves];
    this.#saving = this.#saving.then(() => store.save(commands, moves)).catch(() => undefined);
  }
}

/** The first frame that a request to forget asks for. */
export const forgetFrom = ({ minutes, until }: Forget): number => Math.max(0, until - (minutes * 60_000) / LIVE_FRAME_MS);

/** The frame behind everything that a command speaks of. */
export function reachOf(command: LiveCommand): number {
  if (command.kind === 'forget') return command.forget.until;
  return command.kind === 'mark' ? command.mark.atMs / LIVE_FRAME_MS : 0;
}

function movedAll(commands: readonly LiveCommand[], { from, to }: FrameMove): LiveCommand[] {
  return commands.flatMap((command) => moved(command, from, to - from));
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
