import type { UploadLimitsView } from '@auscult/contracts';
import { fileSize } from '@auscult/ui';

/** Why a file is not even sent; null when it may be. The server looks at the content and has the last word. */
export function refusalOf(file: Pick<File, 'name' | 'size' | 'type'>, limits: UploadLimitsView | null): string | null {
  if (file.size === 0) return 'The file is empty. Check that the recording was saved.';
  if (limits === null) return null;
  if (file.size > limits.maxUploadBytes) {
    return `The file has ${fileSize(file.size)}; this server accepts up to ${fileSize(limits.maxUploadBytes)}. Split it, or export it with a lower bit rate.`;
  }
  const known = limits.acceptedExtensions.some((extension) => file.name.toLowerCase().endsWith(extension));
  if (!known && !/^(audio|video)\//.test(file.type)) {
    return 'This is not an audio or video file. Export the recording as WAV, MP3 or M4A.';
  }
  return null;
}

/** For a file picker: the extensions, and any audio or video that the system itself knows. */
export function acceptAttribute(limits: UploadLimitsView | null): string {
  return ['audio/*', 'video/*', ...(limits?.acceptedExtensions ?? [])].join(',');
}
