import { fileTypeFromBuffer } from 'file-type';

/** What is looked at: enough for every signature that file-type knows. */
export const SNIFF_BYTES = 4_100;

export interface SniffedContent {
  /** False only when the content is surely something else: a document, a picture, text. The decoder judges the rest. */
  maybeAudio: boolean;
  mediaType: string | null;
}

/** Containers of sound that do not call themselves audio or video. */
const otherContainers = new Set(['application/ogg', 'application/vnd.ms-asf', 'application/mp4', 'application/mxf', 'application/x-matroska']);

/** PNG and ZIP, for which file-type wants to read further than the beginning before it names them. */
const picturesAndArchives = ['\x89PNG', 'PK\x03\x04'];

/** Looks at the beginning of a file. File names and declared types are not believed. */
export async function sniffContent(head: Buffer): Promise<SniffedContent> {
  // A damaged header can make a signature reader run off the end; that says nothing against the file.
  const detected = await fileTypeFromBuffer(head).catch(() => undefined);
  if (!detected) return { maybeAudio: !looksLikeText(head) && !picturesAndArchives.includes(head.subarray(0, 4).toString('latin1')), mediaType: null };
  const mediaType = detected.mime.split(';')[0] ?? detected.mime;
  const maybeAudio = /^(audio|video)\//.test(mediaType) || otherContainers.has(mediaType);
  return { maybeAudio, mediaType: maybeAudio ? mediaType : null };
}

/** True for UTF-8 or UTF-16 text without control characters; a compressed or sampled signal of this length never is. */
function looksLikeText(head: Buffer): boolean {
  if (head.length === 0) return false;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  // The end may cut a character in two; three bytes less and its rest no longer matters.
  const text = new TextDecoder('utf-8').decode(head.subarray(0, Math.max(1, head.length - 3)));
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(text);
}
