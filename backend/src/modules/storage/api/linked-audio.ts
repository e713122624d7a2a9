import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { AudioLink } from '../audio-links.js';
import { type ByteRange, ObjectStore } from '../object-store.js';
import { PcmAudio } from '../pcm-audio.js';
import { StoredObjectRepository } from '../stored-object.repository.js';

/** What a link leads to. */
export interface LinkedSound {
  sizeBytes: number;
  /** A strong validator: another one whenever a byte may have become another. */
  etag: string;
  read(range?: ByteRange): Promise<Readable>;
}

/** Finds the sound of a link: one stored object, or the parts of a live session as a WAV file. */
@Injectable()
export class LinkedAudio {
  constructor(
    private readonly rows: StoredObjectRepository,
    private readonly store: ObjectStore,
    private readonly pcm: PcmAudio,
  ) {}

  /** Null when there is none, none yet, or none any more. */
  find({ id, pcmChannels }: AudioLink): Promise<LinkedSound | null> {
    return pcmChannels === undefined ? this.findObject(id) : this.findPcm(id, pcmChannels);
  }

  private async findObject(id: string): Promise<LinkedSound | null> {
    const row = await this.rows.find(id);
    if (row?.state !== 'stored' || row.lengthBytes === null) return null;
    // An object never changes.
    return { sizeBytes: row.lengthBytes, etag: `"${id}"`, read: (range) => this.store.read(id, range) };
  }

  private async findPcm(id: string, channelCount: number): Promise<LinkedSound | null> {
    const wav = await this.pcm.openWav(id, channelCount);
    return wav && { sizeBytes: wav.sizeBytes, etag: `"${id}-${wav.version}"`, read: async (range) => wav.read(range) };
  }
}
