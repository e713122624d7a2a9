/** FFmpeg's demuxer names, and no others: the list doubles as the whitelist of what a file may be read as. */
const audioTypes: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  w64: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  amr: 'audio/amr',
  ogg: 'audio/ogg',
  aiff: 'audio/aiff',
  caf: 'audio/x-caf',
  au: 'audio/basic',
};

/**
 * What FFmpeg may take a file for. Playlists (HLS, DASH, concat, image sequences) are left out on purpose: they name
 * other files and addresses, and an uploaded one must not make the server read those.
 */
export const ALLOWED_DEMUXERS = [...Object.keys(audioTypes), 'mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2', 'matroska', 'webm', 'asf', 'avi', 'mpegts'];

export interface ContainerFacts {
  /** Names of the demuxer, separated by commas. */
  readonly demuxer: string;
  readonly majorBrand: string;
  readonly hasVideo: boolean;
  readonly audioCodec: string;
}

/** The media type that a player wants to hear for this content. */
export function mediaTypeOf({ demuxer, majorBrand, hasVideo, audioCodec }: ContainerFacts): string {
  const names = demuxer.split(',');
  const kind = hasVideo ? 'video' : 'audio';
  for (const name of names) {
    const type = audioTypes[name];
    if (type) return hasVideo && name === 'ogg' ? 'video/ogg' : type;
  }
  if (names.includes('mp4')) {
    if (majorBrand.startsWith('qt')) return 'video/quicktime';
    return majorBrand.startsWith('3g') ? `${kind}/3gpp` : `${kind}/mp4`;
  }
  if (names.includes('webm')) return ['opus', 'vorbis'].includes(audioCodec) ? `${kind}/webm` : `${kind}/x-matroska`;
  if (names.includes('asf')) return hasVideo ? 'video/x-ms-wmv' : 'audio/x-ms-wma';
  if (names.includes('mpegts')) return 'video/mp2t';
  return 'video/x-msvideo';
}
