import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ObjectDamagedError } from './object-store.js';

export interface ObjectKey {
  /** 32 bytes, AES-256. */
  key: Buffer;
  /** The exact length of a finished object, by which a shortened file is noticed; null while it still grows. */
  sealedBytes: number | null;
}

/** Finds the data key of an object. Answers null when there is none, or none any more: then nobody can read the object. */
export abstract class DataKeys {
  abstract find(id: string): Promise<ObjectKey | null>;
}

/**
 * Data keys lie in `stored_object.wrapped_key`, wrapped by the master key. They are read anew each time: a copy kept here would
 * outlive a deletion made by another process.
 */
export class DatabaseDataKeys extends DataKeys {
  constructor(
    private readonly em: EntityManager,
    private readonly masterKey: Buffer,
  ) {
    super();
  }

  async find(id: string): Promise<ObjectKey | null> {
    const rows = await this.em.getConnection().execute<{ wrapped_key: Buffer | null; state: string; length_bytes: string | null }[]>(
      'select wrapped_key, state, length_bytes from stored_object where id = ?', [id],
    );
    const row = rows[0];
    if (!row?.wrapped_key) return null;
    const sealedBytes = row.state === 'stored' && row.length_bytes !== null ? Number(row.length_bytes) : null;
    return { key: unwrapDataKey(this.masterKey, id, row.wrapped_key), sealedBytes };
  }
}

const WRAP_VERSION = 1;

/** A new random data key, as the row keeps it: `version (1) | nonce (12) | AES-256-GCM text (32) | tag (16)`, bound to the id. */
export function createWrappedKey(masterKey: Buffer, id: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(id));
  const text = cipher.update(randomBytes(32));
  cipher.final();
  return Buffer.concat([Buffer.of(WRAP_VERSION), nonce, text, cipher.getAuthTag()]);
}

/** Rejects a key that was wrapped by another master key or for another object. */
export function unwrapDataKey(masterKey: Buffer, id: string, wrapped: Buffer): Buffer {
  if (wrapped.length !== 61 || wrapped[0] !== WRAP_VERSION) throw new ObjectDamagedError('key');
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(1, 13), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(id));
  decipher.setAuthTag(wrapped.subarray(45));
  const key = decipher.update(wrapped.subarray(13, 45));
  try {
    decipher.final();
  } catch {
    throw new ObjectDamagedError('key'); // the tag does not fit: another master key, or another row's key
  }
  return key;
}
