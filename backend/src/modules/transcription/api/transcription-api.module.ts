import { Module } from '@nestjs/common';

/** Recordings and transcripts for the API process: routes, gateway, intake of finished uploads. */
@Module({})
export class TranscriptionApiModule {}
