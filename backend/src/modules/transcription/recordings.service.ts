import type { AudioLinkBody, AudioLinkView, Page, RecordingQuery, WaveformView } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../platform/http/index.js';
import { JobQueue } from '../../platform/queue/index.js';
import { RecordingAudio } from './recording-audio.service.js';
import type { Recording } from './recording.entity.js';
import { RecordingRepository } from './recording.repository.js';
import { TranscriptAnnouncements } from './transcript-announcements.service.js';
import { TranscriptRepository } from './transcript.repository.js';

/** What a clinician does with her recordings. Each method begins by asking for the row of this owner. */
@Injectable()
export class RecordingsService {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly transcripts: TranscriptRepository,
    private readonly announcements: TranscriptAnnouncements,
    private readonly jobs: JobQueue,
    private readonly audio: RecordingAudio,
  ) {}

  page(ownerId: string, query: RecordingQuery): Promise<Page<Recording>> {
    return this.recordings.page(ownerId, query);
  }

  find(ownerId: string, id: string): Promise<Recording> {
    return this.recordings.owned(ownerId, id);
  }

  async rename(ownerId: string, id: string, title: string): Promise<Recording> {
    return (await this.change(ownerId, id, (recording) => recording.rename(title))).recording;
  }

  /** A running transcription notices within about a second and stops; what it has saved stays. */
  async cancel(ownerId: string, id: string): Promise<Recording> {
    return (await this.change(ownerId, id, (recording) => recording.cancel())).recording;
  }

  /**
   * A failed or cancelled transcription goes on after the last saved utterance; a completed upload starts anew, unless a person
   * has corrected it: nobody's work is thrown away by a click. Speakers keep their names. A completed live session is heard a second
   * time and keeps what was corrected.
   */
  async retry(ownerId: string, id: string): Promise<Recording> {
    const { recording, result: next } = await this.change(ownerId, id, (row) => this.again(row));
    if (next === 'anew') this.announcements.reset(id);
    await this.jobs.enqueue(next === 'second-pass' ? 'hear-again' : 'transcribe-recording', { recordingId: id }, id);
    return recording;
  }

  async audioLink(ownerId: string, id: string, { disposition }: AudioLinkBody): Promise<AudioLinkView> {
    return this.audio.link(await this.recordings.owned(ownerId, id), disposition);
  }

  /** @throws ProblemError `recording-state` while there is none yet */
  async waveform(ownerId: string, id: string): Promise<WaveformView> {
    const { waveformBinMs, waveformPeaks, channelCount } = await this.recordings.ownedWithWaveform(ownerId, id);
    if (waveformBinMs === null || !waveformPeaks) {
      throw new ProblemError('recording-state', 'The waveform is there once the recording has been transcribed.');
    }
    const perChannel = waveformPeaks.length / (channelCount ?? 1);
    const peaks = Array.from({ length: channelCount ?? 1 }, (_, channel) => [
      ...waveformPeaks.subarray(channel * perChannel, (channel + 1) * perChannel),
    ]);
    return { binMs: waveformBinMs, peaks };
  }

  private async again(recording: Recording): Promise<'second-pass' | 'anew' | 'continued'> {
    if (recording.canBeHeardAgain) {
      if (recording.durationMs === 0) throw new ProblemError('recording-state', 'There is no sound in it that could be heard again.');
      recording.secondPass.ask();
      return 'second-pass';
    }
    const wasCompleted = recording.status === 'completed';
    recording.retry();
    if (wasCompleted) await this.startAnew(recording);
    return wasCompleted ? 'anew' : 'continued';
  }

  private async startAnew(recording: Recording): Promise<void> {
    if ((await this.transcripts.corrected(recording.id)) > 0) {
      throw new ProblemError('recording-state', 'The transcript has been corrected; transcribing again would lose the corrections.');
    }
    await this.transcripts.removeSegments(recording.id);
    recording.startAnew();
  }

  private async change<T>(ownerId: string, id: string, apply: (recording: Recording) => T | Promise<T>): Promise<{ recording: Recording; result: T }> {
    const changed = await this.em.transactional(async () => {
      const recording = await this.recordings.ownedForUpdate(ownerId, id);
      return { recording, result: await apply(recording) };
    });
    this.announcements.changed(changed.recording);
    return changed;
  }
}
