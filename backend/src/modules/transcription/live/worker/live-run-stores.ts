import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { PcmAudio } from '../../../storage/index.js';
import { RecordingRepository } from '../../recording.repository.js';
import { TranscriptRepository } from '../../transcript.repository.js';
import { LiveSessionRepository } from '../live-session.repository.js';

/** Where a run's sound and words are kept. */
@Injectable()
export class LiveRunStores {
  constructor(
    readonly em: EntityManager,
    readonly sessions: LiveSessionRepository,
    readonly recordings: RecordingRepository,
    readonly transcripts: TranscriptRepository,
    readonly audio: PcmAudio,
  ) {}
}
