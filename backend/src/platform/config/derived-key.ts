import { hkdfSync } from 'node:crypto';

/**
 * A 32-byte key for one purpose, derived from the token secret or the master key by HKDF (RFC 5869, SHA-256), so that what one purpose signs
 * never verifies for another.
 * @param purpose for example `access-token` or `audio-link`
 */
export function derivedKey(secret: string | Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'auscult', purpose, 32));
}
