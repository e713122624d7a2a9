import type { AudioLinkView } from '@auscult/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AudioLinks, PcmAudio, type Purge, StoredObjects } from '../storage/index.js';
import { fileNameOf } from './file-name.js';
import type { Recording } from './recording.entity.js';

/** Endings for the media types that uploads have; a download without one is hard to open. */
const endings: Record<string, string> = {
  'audio/wav': '.wav', 'audio/x-wav': '.wav', 'audio/vnd.wave': '.wav', 'audio/flac': '.flac', 'audio/x-flac': '.flac', 'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a', 'audio/x-m4a': '.m4a', 'audio/aac': '.aac', 'audio/ogg': '.ogg', 'application/ogg': '.ogg', 'audio/opus': '.opus',
  'audio/webm': '.webm', 'video/webm': '.webm', 'audio/amr': '.amr', 'video/3gpp': '.3gp', 'audio/3gpp': '.3gp', 'video/mp4': '.mp4',
  'video/quicktime': '.mov', 'video/x-m4v': '.m4v', 'video/matroska': '.mkv', 'video/x-matroska': '.mkv', 'audio/matroska': '.mka',
  'audio/x-matroska': '.mka', 'audio/x-ms-wma': '.wma', 'audio/x-ms-asf': '.wma', 'audio/aiff': '.aiff', 'audio/x-caf': '.caf',
};

/**
 * The sound of a recording, kept under the recording's own id: one stored object for an upload, parts that grow for what was recorded
 * live.
 */
@Injectable()
export class RecordingAudio {
  constructor(
    private readonly links: AudioLinks,
    private readonly objects: StoredObjects,
    private readonly pcm: PcmAudio,
  ) {}

  /** The caller has made sure that the reader may hear it. A live session may be heard while it goes on, as far as it is stored. */
  link({ id, title, mediaType, liveSource, channelCount }: Recording, disposition: 'inline' | 'attachment'): AudioLinkView {
    if (liveSource !== null) return this.links.createPcm(id, channelCount ?? 1, { disposition, fileName: fileNameOf(title, '.wav') });
    return this.links.create(id, { disposition, mediaType, fileName: fileNameOf(title, endings[mediaType] ?? '') });
  }

  /** Makes the sound unreadable with the caller's transaction. Call the answer after the commit: it removes the files. */
  async discard(em: EntityManager, { id, liveSource }: Recording): Promise<Purge> {
    if (liveSource !== null) return this.pcm.discard(em, id);
    await this.objects.discard(em, id);
    return () => this.objects.purgeSoon(id);
  }
}
