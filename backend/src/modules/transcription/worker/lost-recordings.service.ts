import { Injectable } from '@nestjs/common';
import { FindsLostJobs, type LostJobSource, type WantedJob } from '../../../platform/queue/index.js';
import { RecordingRepository } from '../recording.repository.js';

/** Recordings that wait for a job, or whose worker died, also for their second hearing: Redis may have lost theirs. */
@Injectable()
@FindsLostJobs()
export class LostRecordings implements LostJobSource {
  constructor(private readonly recordings: RecordingRepository) {}

  async findLostJobs(): Promise<WantedJob[]> {
    const now = new Date();
    const untranscribed = await this.recordings.unattended(now);
    const unheard = await this.recordings.unattendedSecondPasses(now);
    return [...untranscribed.map((id) => wanted('transcribe-recording', id)), ...unheard.map((id) => wanted('hear-again', id))];
  }
}

function wanted(name: 'transcribe-recording' | 'hear-again', recordingId: string): WantedJob {
  return { name, payload: { recordingId }, key: recordingId };
}
