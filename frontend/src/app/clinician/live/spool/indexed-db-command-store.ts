import type { LiveCommand, LiveCommandStore } from '@auscult/client';
import { COMMANDS, type LiveDatabase } from './live-database';

interface StoredCommands {
  sessionId: string;
  commands: readonly LiveCommand[];
}

/** What waits to be said to the server besides sound: markers, what is off the record, the end. Without a database it lives in memory. */
export class IndexedDbCommandStore implements LiveCommandStore {
  constructor(
    private readonly database: LiveDatabase | null,
    private readonly sessionId: string,
  ) {}

  async load(): Promise<readonly LiveCommand[]> {
    const stored = await this.database?.read<StoredCommands | undefined>(
      COMMANDS,
      (store) => store.get(this.sessionId) as IDBRequest<StoredCommands | undefined>,
    );
    return stored?.commands ?? [];
  }

  async save(commands: readonly LiveCommand[]): Promise<void> {
    await this.database?.write(COMMANDS, (store) => void store.put({ sessionId: this.sessionId, commands } satisfies StoredCommands));
  }
}
