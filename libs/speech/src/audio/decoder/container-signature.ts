const ascii = (bytes: Uint8Array, start: number, length: number) => Buffer.from(bytes.subarray(start, start + length)).toString('latin1');

/**
 * Whether content begins like an audio or video file, whatever else is wrong with it: tells a damaged recording (such as
 * an mp4 whose phone died before it wrote the index) from something that never was one.
 */
export function looksLikeMedia(head: Uint8Array): boolean {
  const four = ascii(head, 0, 4);
  if (['fLaC', 'OggS', 'caff', 'FORM', 'RIFF', 'RF64', '\x1aE\xdf\xa3'].includes(four)) {
    return four !== 'RIFF' || ascii(head, 8, 4) === 'WAVE';
  }
  return ascii(head, 4, 4) === 'ftyp' || ascii(head, 0, 5) === '#!AMR' || ascii(head, 0, 3) === 'ID3';
}

/** The size that a RIFF or AIFF file announces in its first bytes; null where it says none (a stream of unknown length). */
function announcedBytes(head: Uint8Array): number | null {
  const four = ascii(head, 0, 4);
  if (head.length < 12 || (four !== 'RIFF' && four !== 'FORM')) return null;
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const size = four === 'RIFF' ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  return size === 0 || size === 0xffffffff ? null : size + 8;
}

/** Whether the last page of an ogg file says that it is the last. */
function oggEnds(tail: Uint8Array): boolean {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  const page = bytes.lastIndexOf('OggS', undefined, 'latin1');
  return page >= 0 && page + 5 < bytes.length && ((bytes[page + 5] ?? 0) & 4) !== 0;
}

/** How much of an ogg file's end must be looked at: a page is 65,307 bytes at most. */
export const TAIL_BYTES = 65_536;

/**
 * Whether a file is shorter than it says: in these formats FFmpeg takes the length from what is there, and a cut file looks
 * whole.
 */
export function endsEarly(head: Uint8Array, tail: Uint8Array, sizeBytes: number): boolean {
  const announced = announcedBytes(head);
  if (announced !== null) return sizeBytes < announced;
  return ascii(head, 0, 4) === 'OggS' && !oggEnds(tail);
}
