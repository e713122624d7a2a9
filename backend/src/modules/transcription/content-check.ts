import { AudioError, type AudioSource, openAudio } from '@auscult/speech';
import { fileTypeFromBuffer } from 'file-type';
import { ProblemError } from '../../platform/http/index.js';

const HEAD_BYTES = 64 * 1024;
const PROBE_TIMEOUT_MS = 15_000;

/** Types that hold sound but are not named audio/ or video/. */
const otherAudioTypes = new Set(['application/ogg', 'application/vnd.ms-asf', 'application/mxf']);

/**
 * The media type by the content, whatever the file was called. A known signature decides; only where there is none (an MP3 behind
 * a large cover picture, a rare container) the decoder is asked, because that starts a process.
 * @throws ProblemError `audio-unreadable`
 */
export async function checkContent(source: AudioSource): Promise<string> {
  const head = await source.read(0, HEAD_BYTES);
  const type = await fileTypeFromBuffer(head);
  if (!type) return probe(source);
  if (/^(audio|video)\//.test(type.mime) || otherAudioTypes.has(type.mime)) return type.mime;
  throw unreadable('not-audio');
}

async function probe(source: AudioSource): Promise<string> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const audio = await openAudio(source, { signal });
    await audio.close();
    return audio.mediaType;
  } catch (error) {
    if (error instanceof AudioError) throw unreadable(error.code);
    if (signal.aborted) return 'application/octet-stream';
    throw error;
  }
}

function unreadable(code: AudioError['code']): ProblemError {
  return new ProblemError('audio-unreadable', new AudioError(code).message);
}
