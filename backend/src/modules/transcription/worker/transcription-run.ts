import type { TranscriptionFailureCode } from '@auscult/contracts';
import type { UtteranceEvent } from '@auscult/speech';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RecordingRepository } from '../recording.repository.js';
import type { AudioFacts, Completion, Recording } from '../recording.entity.js';
import { Segment } from '../segment.entity.js';
import { Speaker } from '../speaker.entity.js';
import { speechNotices } from '../speech-notices.js';
import type { TranscriptRepository } from '../transcript.repository.js';
import { fenced } from './fenced.js';
import type { EndableRun } from './run-end.js';

export interface RunStores {
  em: EntityManager;
  recordings: RecordingRepository;
  transcripts: TranscriptRepository;
}

/** One run over one recording; every write is fenced. */
export class TranscriptionRun implements EndableRun {
  /** How far the audio was worked through; written with the next save or beat. */
  reachedMs = 0;

  constructor(
    private readonly stores: RunStores,
    readonly recordingId: string,
    private readonly runId: string,
    readonly signal: AbortSignal,
  ) {}

  /** Keeps what opening the audio has shown, and gives each channel its speaker. */
  opened(facts: AudioFacts): Promise<{ recording: Recording; speakers: Speaker[] }> {
    return this.fenced(async (recording, em) => {
      recording.opened(facts);
      const speakers = await this.stores.transcripts.speakers(this.recordingId);
      for (let channel = 0; channel < facts.channelCount; channel += 1) {
        if (!speakers.some((speaker) => speaker.channel === channel)) speakers.push(this.newSpeaker(speakers, channel, em));
      }
      return { recording, speakers };
    });
  }

  /**
   * Saves utterances that follow the checkpoint without a gap, and moves it. Answers the new segments: an utterance without words
   * moves the checkpoint but becomes no segment.
   */
  save(utterances: readonly UtteranceEvent[], speakers: readonly Speaker[]): Promise<{ recording: Recording; segments: Segment[] }> {
    const first = utterances[0];
    if (!first) throw new Error('A batch holds at least one utterance');
    const until = first.index + utterances.length;
    const segments = utterances.filter(({ text }) => text !== '').map((utterance) => this.segment(utterance, speakers));
    const words = segments.reduce((sum, segment) => sum + segment.words.length, 0);
    return this.fenced(async (recording, em) => {
      // The answer to an earlier commit of this very batch was lost with the connection.
      if (recording.utterancesDone === until) return { recording, segments };
      if (recording.utterancesDone !== first.index) throw new Error('Utterances do not follow the checkpoint');
      // Copies: a repeated attempt must not find its segments bound to the transaction that failed.
      em.persist(segments.map((segment) => Object.assign(new Segment(), segment)));
      recording.advance(until, this.reachedMs, words, new Date());
      return { recording, segments };
    });
  }

  /** Tells that this run lives, and finds out whether it is still wanted. */
  beat(): Promise<Recording> {
    return this.fenced(async (recording) => {
      recording.advance(recording.utterancesDone, this.reachedMs, 0, new Date());
      return recording;
    });
  }

  complete(result: Omit<Completion, 'notices'>, truncated: boolean): Promise<Recording> {
    return this.fenced(async (recording) => {
      recording.complete({ ...result, notices: await this.notices(recording, truncated) }, new Date());
      return recording;
    });
  }

  fail(code: TranscriptionFailureCode): Promise<Recording> {
    return this.fenced(async (recording) => {
      recording.fail(code);
      return recording;
    });
  }

  release(reason: 'shutdown' | 'fault'): Promise<Recording> {
    return this.fenced(async (recording) => {
      recording.release(reason);
      return recording;
    });
  }

  private fenced<T>(change: (recording: Recording, em: EntityManager) => Promise<T>): Promise<T> {
    const { stores, recordingId, runId, signal } = this;
    return fenced({ em: stores.em, held: () => stores.recordings.ofRun(recordingId, runId), signal }, change);
  }

  private newSpeaker(known: readonly Speaker[], channel: number, em: EntityManager): Speaker {
    const speaker = Speaker.ofChannel(this.recordingId, channel, known.length);
    em.persist(speaker);
    return speaker;
  }

  private segment(utterance: UtteranceEvent, speakers: readonly Speaker[]): Segment {
    const speaker = speakers.find(({ channel }) => channel === utterance.channel);
    if (!speaker) throw new Error('An utterance came from a channel that was not announced');
    return Segment.recognized(this.recordingId, speaker.id, utterance, new Date());
  }

  private async notices(recording: Recording, truncated: boolean): Promise<Completion['notices']> {
    const notices = await speechNotices(recording, this.stores.transcripts);
    return truncated ? [...notices, 'audio-truncated'] : notices;
  }
}
