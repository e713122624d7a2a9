/** An id for this browser's own use. `crypto.randomUUID` is missing on pages served over plain http; this is not. */
export function localId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
