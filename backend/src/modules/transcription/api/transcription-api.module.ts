import { Module } from '@nestjs/common';
import { StorageModule } from '../../storage/index.js';
import { UsersModule } from '../../users/index.js';
import { Corrections } from '../corrections.service.js';
import { TranscriptExports } from '../export/transcript-exports.service.js';
import { RecordingAudio } from '../recording-audio.service.js';
import { RecordingIntake } from '../recording-intake.service.js';
import { RecordingRepository } from '../recording.repository.js';
import { RecordingsService } from '../recordings.service.js';
import { TranscriptAnnouncements } from '../transcript-announcements.service.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { MultipartIntake } from './multipart-intake.service.js';
import { RecordingsController } from './recordings.controller.js';
import { TranscriptGateway } from './transcript.gateway.js';
import { TranscriptsController } from './transcripts.controller.js';

/** Recordings and transcripts for the API process: routes, gateway, intake of finished uploads. */
@Module({
  imports: [StorageModule.forApi(), UsersModule],
  controllers: [RecordingsController, TranscriptsController],
  providers: [
    RecordingRepository, TranscriptRepository, TranscriptAnnouncements, RecordingIntake, RecordingAudio, RecordingsService,
    Corrections, TranscriptExports, MultipartIntake, TranscriptGateway,
  ],
})
export class TranscriptionApiModule {}
