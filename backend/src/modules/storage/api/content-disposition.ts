/**
 * A Content-Disposition header (RFC 6266): the name once in plain ASCII for old clients and once in full (RFC 8187).
 * @example inline; filename="S_ance.m4a"; filename*=UTF-8''S%C3%A9ance.m4a
 */
export function contentDisposition(disposition: 'inline' | 'attachment', fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  // encodeURIComponent leaves these five alone, which are no attr-char.
  const full = encodeURIComponent(fileName).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${full}`;
}
