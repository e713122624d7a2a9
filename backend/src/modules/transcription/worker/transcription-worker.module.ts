import { Module } from '@nestjs/common';

/** Recordings for a worker process: the speech engine, the transcription job, the search for lost work. */
@Module({})
export class TranscriptionWorkerModule {}
