import { Module } from '@nestjs/common';
import { StorageModule } from '../../storage/index.js';
import { UsersModule } from '../../users/index.js';
import { Corrections } from '../corrections.service.js';
import { TranscriptExports } from '../export/transcript-exports.service.js';
import { AudioIntake } from '../live/api/audio-intake.service.js';
import { LiveBeginnings } from '../live/api/live-beginnings.service.js';
import { LiveController } from '../live/api/live.controller.js';
import { LiveMarkers } from '../live/api/live-markers.service.js';
import { LiveSessionGateway } from '../live/api/live.gateway.js';
import { LiveSessions } from '../live/api/live-sessions.service.js';
import { OffTheRecord } from '../live/api/off-the-record.service.js';
import { OffTheRecordWrites } from '../live/api/off-the-record-writes.service.js';
import { SenderChanges } from '../live/api/sender-changes.service.js';
import { VoiceDetectorController } from '../live/api/voice-detector.controller.js';
import { LiveAnnouncements } from '../live/live-announcements.service.js';
import { LiveAudioStream } from '../live/live-audio-stream.js';
import { LiveSessionRepository } from '../live/live-session.repository.js';
import { RecordingAudio } from '../recording-audio.service.js';
import { RecordingIntake } from '../recording-intake.service.js';
import { RecordingRemoval } from '../recording-removal.service.js';
import { RecordingRepository } from '../recording.repository.js';
import { RecordingsService } from '../recordings.service.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { MultipartIntake } from './multipart-intake.service.js';
import { RecordingsController } from './recordings.controller.js';
import { TranscriptGateway } from './transcript.gateway.js';
import { TranscriptsController } from './transcripts.controller.js';

/** Recordings and transcripts for the API process: routes, gateways, intake of finished uploads, reception of live sessions. */
@Module({
  imports: [StorageModule.forApi(), UsersModule],
  controllers: [RecordingsController, TranscriptsController, LiveController, VoiceDetectorController],
  providers: [
    RecordingRepository, TranscriptRepository, TranscriptAnnouncements, RecordingIntake, RecordingAudio, RecordingsService, RecordingRemoval,
    Corrections, TranscriptExports, MultipartIntake, TranscriptGateway, LiveSessionRepository, LiveAudioStream, LiveAnnouncements, LiveSessions,
    AudioIntake, LiveMarkers, LiveBeginnings, SenderChanges, OffTheRecordWrites, OffTheRecord, LiveSessionGateway,
  ],
})
export class TranscriptionApiModule {}
