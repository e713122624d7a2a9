import type { LiveCommand, LiveCommandStore } from '@auscult/client';
import { COMMANDS, type LiveDatabase } from './live-database';

interface StoredCommands {
  sessionId: string;
  commands: readonly LiveCommand[];
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
    return (this.saved ?? (await this.stored()))?.commands ?? [];
  }

  async save(commands: readonly LiveCommand[]): Promise<void> {
    const saved: StoredCommands = { sessionId: this.sessionId, commands };
    this.saved = saved;
    await this.database?.write(COMMANDS, (store) => void store.put(saved));
  }

  private stored(): Promise<StoredCommands | undefined> | undefined {
    return this.database?.read<StoredCommands | undefined>(COMMANDS, (store) => store.get(this.sessionId) as IDBRequest<StoredCommands | undefined>);
  }
}
