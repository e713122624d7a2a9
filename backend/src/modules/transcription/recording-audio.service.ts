import type { AudioLinkView } from '@auscult/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AudioLinks, StoredObjects } from '../storage/index.js';
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

/** The sound of a recording, as storage keeps it under the recording's own id. */
@Injectable()
export class RecordingAudio {
  constructor(
    private readonly links: AudioLinks,
    private readonly objects: StoredObjects,
  ) {}

  /** The caller has made sure that the reader may hear it. */
  link({ id, title, mediaType }: Recording, disposition: 'inline' | 'attachment'): AudioLinkView {
    return this.links.create(id, { disposition, mediaType, fileName: fileNameOf(title, endings[mediaType] ?? '') });
  }

  discard(em: EntityManager, id: string): Promise<void> {
    return this.objects.discard(em, id);
  }

  purgeSoon(id: string): Promise<void> {
    return this.objects.purgeSoon(id);
  }
}
