import { randomBytes } from 'node:crypto';
import { DataKeys, type ObjectKey } from './data-keys.js';

/** Makes a key for every id asked for, until it is forgotten. */
export class FakeDataKeys extends DataKeys {
  private readonly keys = new Map<string, ObjectKey>();
  private readonly forgotten = new Set<string>();

  async find(id: string): Promise<ObjectKey | null> {
    if (this.forgotten.has(id)) return null;
    const known = this.keys.get(id) ?? { key: randomBytes(32), sealedBytes: null };
    this.keys.set(id, known);
    return known;
  }

  finish(id: string, sealedBytes: number): void {
    const known = this.keys.get(id);
    if (known) this.keys.set(id, { ...known, sealedBytes });
  }

  forget(id: string): void {
    this.forgotten.add(id);
  }
}
