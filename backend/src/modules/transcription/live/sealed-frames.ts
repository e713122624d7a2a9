import { type KeyObject, createCipheriv, createDecipheriv, createHmac, createSecretKey, randomFillSync } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Keys that are remembered; above, all are made anew. */
const MOST_KEYS = 1_000;

export class FramesDamagedError extends Error {
  override readonly name = 'FramesDamagedError';
  constructor() {
    super('Sealed frames do not open: they were changed, moved, or sealed by another key');
  }
}

/**
 * Audio on its way through Redis: `nonce (12) | AES-256-GCM text | tag (16)`. Each recording has a key of its own, so that one key
 * never comes near the 2^32 random nonces that NIST SP 800-38D allows. The tag also covers the recording and the number of the first
 * frame: frames that were moved do not open.
 */
export class SealedFrames {
  /** To make a key, or to hand OpenSSL one as plain bytes, takes longer than to seal a frame. */
  private readonly keys = new Map<string, KeyObject>();

  /** @param key 32 bytes, of this purpose alone */
  constructor(private readonly key: Buffer) {}

  seal(recordingId: string, first: number, audio: Uint8Array): Buffer {
    const sealed = Buffer.allocUnsafe(NONCE_BYTES + audio.byteLength + TAG_BYTES);
    const nonce = randomFillSync(sealed.subarray(0, NONCE_BYTES));
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(recordingId), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(recordingId, first));
    cipher.update(audio).copy(sealed, NONCE_BYTES);
    cipher.final();
    cipher.getAuthTag().copy(sealed, NONCE_BYTES + audio.byteLength);
    return sealed;
  }

  /** @throws FramesDamagedError */
  open(recordingId: string, first: number, sealed: Buffer): Buffer {
    if (sealed.length <= NONCE_BYTES + TAG_BYTES) throw new FramesDamagedError();
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(recordingId), sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(recordingId, first));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const audio = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new FramesDamagedError(); // the only failure of final() in GCM: the tag does not fit
    }
    return audio;
  }

  private keyOf(recordingId: string): KeyObject {
    const known = this.keys.get(recordingId);
    if (known) return known;
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    const key = createSecretKey(createHmac('sha256', this.key).update(recordingId).digest());
    this.keys.set(recordingId, key);
    return key;
  }
}

function boundTo(recordingId: string, first: number): Buffer {
  return Buffer.from(`${recordingId}:${first}`);
}
