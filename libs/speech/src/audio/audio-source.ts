import { open } from 'node:fs/promises';

/**
 * The bytes of a stored recording, read at any place in any order: an mp4 may keep its index at the end, and nobody
 * should hold hours of audio in memory to get there.
 */
export interface AudioSource {
  readonly sizeBytes: number;
  /** At most `length` bytes from `start`; fewer only at the end of the audio, none beyond it. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** An audio source on the file system that holds an open file until it is closed. */
export interface FileAudioSource extends AudioSource {
  close(): Promise<void>;
}

/** Opens a file of the local file system for `openAudio`. */
export async function fileAudioSource(path: string): Promise<FileAudioSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    sizeBytes: size,
    async read(start, length) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
