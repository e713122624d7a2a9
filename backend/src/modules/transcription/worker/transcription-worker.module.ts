import { Module } from '@nestjs/common';
import { StorageModule } from '../../storage/index.js';
import { RecordingRepository } from '../recording.repository.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { HearAgainJob } from './hear-again.job.js';
import { LostRecordings } from './lost-recordings.service.js';
import { RecordingSound } from './recording-sound.service.js';
import { RecordingTranscriber } from './recording-transcriber.service.js';
import { RunClaims } from './run-claims.service.js';
import { SecondHearer } from './second-hearer.service.js';
import { SpeechEngine } from './speech-engine.service.js';
import { TranscribeRecordingJob } from './transcribe-recording.job.js';
import { TranscriptionMetrics } from './transcription-metrics.service.js';

/** Recordings for a worker process: the speech engine, the jobs that transcribe and hear again, the search for lost work. */
@Module({
  imports: [StorageModule.forWorker()],
  providers: [
    RecordingRepository, TranscriptRepository, TranscriptAnnouncements, TranscriptionMetrics,
    SpeechEngine, RunClaims, RecordingSound, RecordingTranscriber, TranscribeRecordingJob, SecondHearer, HearAgainJob, LostRecordings,
  ],
})
export class TranscriptionWorkerModule {}
