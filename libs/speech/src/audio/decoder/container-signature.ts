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
