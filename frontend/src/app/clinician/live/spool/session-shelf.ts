import { Injectable } from '@angular/core';
import type { LiveCommandStore } from '@auscult/client';
import type { LiveChannelCount, LiveSource } from '@auscult/contracts';
import { IndexedDbFrameSpool } from './indexed-db-frame-spool';
import { IndexedDbCommandStore } from './indexed-db-command-store';
import { BLOCKS, COMMANDS, LiveDatabase, SESSIONS } from './live-database';

/** A session that this browser began and that is not stored whole on the server. */
export interface KeptSession {
  /** The recording's id. */
  id: string;
  /** Whose it is: another person on this browser neither sees nor sends it. */
  userId: string;
  source: Exclude<LiveSource, 'file'>;
  channelCount: LiveChannelCount;
  /** By this device's clock, in ms since 1970. */
  startedAt: number;
  /** Finish was said: only sending is left, no microphone is needed. */
  finishing: boolean;
  /** By what the server knows this device as the session's sender. */
  sender: string;
  /** The server has begun it: should it be deleted there, it does not come back. */
  known: boolean;
  /** When a frame came last, by this device's clock, seconds more or less; absent before the first. */
  heardAt?: number;
  /** Of what is left of another session: its name. Absent: the server names it. */
  title?: string;
  /** It has ended elsewhere, and what it does not have, from frame `from` on, is being made a session with this id and sender. */
  rest?: { id: string; sender: string; from: number };
}

export function newSession(userId: string, source: KeptSession['source']): KeptSession {
  return {
    id: crypto.randomUUID(),
    userId,
    source,
    channelCount: source === 'telehealth' ? 2 : 1,
    startedAt: Date.now(),
    finishing: false,
    sender: crypto.randomUUID(),
    known: false,
  };
}

/** The sessions kept in this browser, each with its frames. What the server has stored whole is removed: it is a copy of a session. */
@Injectable({ providedIn: 'root' })
export class SessionShelf {
  private opened: Promise<LiveDatabase | null> | null = null;

  /** Oldest first; empty where the browser keeps nothing. */
  async of(userId: string): Promise<KeptSession[]> {
    const database = await this.database();
    if (!database) return [];
    const all = await read(database).catch(() => []);
    return all.filter((session) => session.userId === userId).sort((a, b) => a.startedAt - b.startedAt);
  }

  /** False where the browser refuses: a session goes on all the same; it only does not survive a reload. */
  async put(session: KeptSession): Promise<boolean> {
    const database = await this.database();
    if (!database) return true;
    return database.write(SESSIONS, (store) => void store.put(session)).then(() => true, () => false);
  }

  /**
   * False when the browser did not do it. The session goes last: sound without its session would be found by nobody and stay for ever. So would what was copied of its
   * rest, unless that is a session of its own by now.
   */
  async remove(id: string): Promise<boolean> {
    const database = await this.database();
    if (!database) return true;
    try {
      const all = await read(database);
      const rest = all.find((session) => session.id === id)?.rest;
      if (rest && !all.some((session) => session.id === rest.id)) await removeSound(database, rest.id);
      await removeSound(database, id);
      await database.write(SESSIONS, (store) => void store.delete(id));
      return true;
    } catch {
      return false;
    }
  }

  async spool(session: KeptSession): Promise<IndexedDbFrameSpool> {
    // Asked each time: the browser decides by how the site is used, and a session must not be cleared away to make room.
    void (globalThis.navigator as Partial<Navigator>).storage?.persist().catch(() => false);
    return IndexedDbFrameSpool.open(await this.database(), session.id, session.channelCount);
  }

  async commands(session: KeptSession): Promise<LiveCommandStore> {
    return new IndexedDbCommandStore(await this.database(), session.id);
  }

  private database(): Promise<LiveDatabase | null> {
    this.opened ??= LiveDatabase.open();
    return this.opened;
  }
}

function read(database: LiveDatabase): Promise<KeptSession[]> {
  return database.read(SESSIONS, (store) => store.getAll() as IDBRequest<KeptSession[]>);
}

async function removeSound(database: LiveDatabase, id: string): Promise<void> {
  await database.write(BLOCKS, (store) => void store.delete(IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER])));
  await database.write(COMMANDS, (store) => void store.delete(id));
}
