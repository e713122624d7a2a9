import { type OpenedAudio, openAudio } from '@auscult/speech';
import { Injectable } from '@nestjs/common';
import { ObjectNotFoundError, ObjectStore, PcmAudio } from '../../storage/index.js';
import type { Recording } from '../recording.entity.js';
import { StoredAudioSource, type StoredSound } from '../stored-audio-source.js';

/** The stored sound of a recording, opened for a recogniser. */
@Injectable()
export class RecordingSound {
  constructor(
    private readonly objects: ObjectStore,
    private readonly pcm: PcmAudio,
  ) {}

  /** @throws ObjectNotFoundError, AudioError */
  async open({ id, liveSource, channelCount }: Recording, signal: AbortSignal): Promise<OpenedAudio> {
    const sound = liveSource === null ? await this.findUpload(id) : await this.pcm.openWav(id, channelCount ?? 1);
    if (!sound) throw new ObjectNotFoundError();
    return openAudio(new StoredAudioSource(sound), { signal });
  }

  private async findUpload(id: string): Promise<StoredSound | null> {
    const sizeBytes = await this.objects.size(id);
    return sizeBytes === null ? null : { sizeBytes, read: (range) => this.objects.read(id, range) };
  }
}
