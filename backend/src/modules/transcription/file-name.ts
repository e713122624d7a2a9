const MAX_CHARACTERS = 120;

/** A file name for a download: the title without what file systems refuse, and an ending such as `.txt`. */
export function fileNameOf(title: string, ending: string): string {
  const clean = title.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, ' ').replace(/\s+/g, ' ');
  const short = [...clean.trim()].slice(0, MAX_CHARACTERS).join('').replace(/^[.\s]+|[.\s]+$/g, '');
  return `${short || 'recording'}${ending}`;
}

/** A header for saving a file, as RFC 6266 has it: a plain name for old programs, the real one percent-encoded (RFC 8187). */
export function attachment(fileName: string): string {
  const plain = fileName.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
