import { Injectable } from '@nestjs/common';
import { FindsLostJobs, type LostJobSource, type WantedJob } from '../../../platform/queue/index.js';
import { RecordingRepository } from '../recording.repository.js';

/** Recordings that wait for a job, or whose worker died: Redis may have lost theirs. */
@Injectable()
@FindsLostJobs()
export class LostRecordings implements LostJobSource {
  constructor(private readonly recordings: RecordingRepository) {}

  async findLostJobs(): Promise<WantedJob[]> {
    const ids = await this.recordings.unattended(new Date());
    return ids.map((recordingId) => ({ name: 'transcribe-recording', payload: { recordingId }, key: recordingId }));
  }
}
