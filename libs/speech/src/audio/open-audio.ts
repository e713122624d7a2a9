import type { AudioSource } from './audio-source.js';
import { DecoderConnection } from './decoder-connection.js';
import type { OpenedAudio } from './opened-audio.js';

export interface OpenAudioOptions {
  /** Ends decoding: `openAudio` or the frames reject with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a recording of any format that FFmpeg reads (wav, flac, mp3, m4a, aac, ogg, opus, webm, amr, and the sound of mp4,
 * mov, webm and the like) and decodes it while its frames are read, in a process of its own and in constant memory.
 * Two channels stay two unless both hold the same sound; more than two become one.
 *
 * @throws AudioError where the file is at fault; whatever the source's `read` rejects with is passed on
 */
export async function openAudio(source: AudioSource, options: OpenAudioOptions = {}): Promise<OpenedAudio> {
  options.signal?.throwIfAborted();
  const connection = new DecoderConnection(source, options.signal);
  try {
    const { mediaType, channelCount, durationMs } = await connection.opened;
    return {
      mediaType,
      channelCount,
      durationMs,
      frames: connection.frames(channelCount),
      get truncated() {
        return connection.truncated;
      },
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
