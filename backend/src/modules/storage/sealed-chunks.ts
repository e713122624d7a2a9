import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

/**
 * How audio lies on disk: a row of records, each `nonce (12) | AES-256-GCM text | tag (16)` over at most 64 KiB of plain
 * bytes; every record but the last is full, so chunk i begins at i * RECORD_BYTES. The tag also covers the object's id and the
 * chunk's index: a record moved to another place or another file does not open.
 * 64 KiB: a Range answer decrypts at most that much too much, and the extra 28 bytes are 0.04 %.
 */
export const CHUNK_BYTES = 64 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;
export const RECORD_BYTES = CHUNK_BYTES + SEAL_BYTES;

/** Seals and opens the chunks of one object with its own data key (32 bytes). */
export class ChunkSeal {
  private readonly additional: Buffer;

  constructor(
    objectId: string,
    private readonly key: Buffer,
  ) {
    this.additional = Buffer.alloc(24);
    Buffer.from(objectId.replaceAll('-', ''), 'hex').copy(this.additional);
  }

  /** Writes the record of `plain` into `target` at `at`; answers the record's length. */
  seal(index: number, plain: Buffer, target: Buffer, at = 0): number {
    const nonce = target.subarray(at, at + NONCE_BYTES);
    randomFillSync(nonce);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.bind(index));
    const text = cipher.update(plain);
    cipher.final();
    text.copy(target, at + NONCE_BYTES);
    cipher.getAuthTag().copy(target, at + NONCE_BYTES + text.length);
    return text.length + SEAL_BYTES;
  }

  /** The plain bytes of a record, or null when it is not the untouched record of this object at this index. */
  open(index: number, record: Buffer): Buffer | null {
    if (record.length <= SEAL_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.key, record.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(this.bind(index));
    decipher.setAuthTag(record.subarray(record.length - TAG_BYTES));
    const plain = decipher.update(record.subarray(NONCE_BYTES, record.length - TAG_BYTES));
    try {
      decipher.final();
      return plain;
    } catch {
      return null; // the only failure of final() in GCM: the tag does not fit
    }
  }

  private bind(index: number): Buffer {
    this.additional.writeBigUInt64BE(BigInt(index), 16);
    return this.additional;
  }
}

/** Plain bytes in a file of `fileBytes`, if its last record is whole; a rest too short to be a record counts for nothing. */
export function plainSize(fileBytes: number): number {
  const full = Math.floor(fileBytes / RECORD_BYTES);
  const rest = fileBytes % RECORD_BYTES;
  return full * CHUNK_BYTES + Math.max(0, rest - SEAL_BYTES);
}
