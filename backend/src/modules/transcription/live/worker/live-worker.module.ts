import { Module } from '@nestjs/common';
import { StorageModule } from '../../../storage/index.js';
import { RecordingRepository } from '../../recording.repository.js';
import { TranscriptAnnouncements } from '../../transcript-announcements.service.js';
import { TranscriptRepository } from '../../transcript.repository.js';
import { SpeechEngine } from '../../worker/speech-engine.service.js';
import { LiveAnnouncements } from '../live-announcements.service.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { LiveAudioReads } from './live-audio-reads.service.js';
import { LiveHeartbeat } from './live-heartbeat.service.js';
import { LiveLeases } from './live-leases.service.js';
import { LiveMetrics } from './live-metrics.service.js';
import { LiveRunStores } from './live-run-stores.js';
import { LiveSessionClaims } from './live-session-claims.service.js';
import { LiveSessionRuns } from './live-session-runs.service.js';
import { LiveSpeech } from './live-speech.service.js';
import { SessionAnnouncements } from './session-announcements.service.js';

/** Live sessions for a live process: the speech engine, the claims, a run for each session. */
@Module({
  imports: [StorageModule.forWorker()],
  providers: [
    RecordingRepository, TranscriptRepository, TranscriptAnnouncements, LiveAnnouncements, SessionAnnouncements,
    LiveSessionRepository, LiveAudioStream, SpeechEngine, LiveSpeech, LiveMetrics, LiveRunStores, LiveAudioReads, LiveSessionRuns, LiveLeases, LiveHeartbeat, LiveSessionClaims,
  ],
})
export class LiveWorkerModule {}
