import type { FrameMove, LiveCommand, LiveCommandStore } from '@auscult/client';
import { COMMANDS, type LiveDatabase } from './live-database';

interface StoredCommands {
  sessionId: string;
  commands: readonly LiveCommand[];
  /** Absent: saved before it was known that the frames may move later. */
  moves?: readonly FrameMove[];
}

/**
 * What waits to be said to the server besides sound: markers, what is off the record, the end. Without a database, or room in it, it lives in memory: whoever goes on with
 * the session in this page finds it all the same.
 */
export class IndexedDbCommandStore implements LiveCommandStore {
  /** What was saved last, in the database or not. */
  private saved: StoredCommands | null = null;

  constructor(
    private readonly database: LiveDatabase | null,
    private readonly sessionId: string,
  ) {}

  async load(): Promise<readonly LiveCommand[]> {
    return (await this.last())?.commands ?? [];
  }

  async moves(): Promise<readonly FrameMove[]> {
    return (await this.last())?.moves ?? [];
  }

  async save(commands: readonly LiveCommand[], moves: readonly FrameMove[] = []): Promise<void> {
    const saved: StoredCommands = { sessionId: this.sessionId, commands, moves };
    this.saved = saved;
    await this.database?.write(COMMANDS, (store) => void store.put(saved));
  }

  private async last(): Promise<StoredCommands | undefined> {
    return this.saved ?? this.database?.read<StoredCommands | undefined>(COMMANDS, (store) => store.get(this.sessionId) as IDBRequest<StoredCommands | undefined>);
  }
}
