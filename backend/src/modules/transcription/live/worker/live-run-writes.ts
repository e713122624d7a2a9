import { LIVE_FRAME_MS, type TranscriptionNoticeCode } from '@auscult/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { PcmAudio } from '../../../storage/index.js';
import type { Recording } from '../../recording.entity.js';
import type { RecordingRepository } from '../../recording.repository.js';
import type { RecognizedUtterance, Segment } from '../../segment.entity.js';
import { speechNotices } from '../../speech-notices.js';
import { Speaker } from '../../speaker.entity.js';
import type { TranscriptRepository } from '../../transcript.repository.js';
import { withPatience } from '../../worker/connection-patience.js';
import type { LiveSession } from '../live-session.entity.js';
import { type Beat, type LiveSessionRepository, storedFrames } from '../live-session.repository.js';
import type { LiveTrack } from '../live-track.entity.js';
import type { FrameRange } from './frames.js';
import { LiveSegments } from './live-segments.js';
import { SupersededError } from './superseded-error.js';

export interface LiveStores {
  readonly em: EntityManager;
  readonly sessions: LiveSessionRepository;
  readonly recordings: RecordingRepository;
  readonly transcripts: TranscriptRepository;
  readonly audio: PcmAudio;
}

/** What a run begins with. */
export interface Beginning {
  recording: Recording;
  writer: number;
  /** Runs that have failed since more became durable. */
  failures: number;
  speakers: Speaker[];
  tracks: LiveTrack[];
  offRecord: FrameRange[];
}

/** A stretch of one channel in which nothing changes any more. Positions in samples; indices as the rows have them. */
export interface SettledStretch {
  readonly channel: number;
  readonly fromSample: number;
  readonly untilSample: number;
  readonly nextIndex: number;
  readonly utterances: readonly RecognizedUtterance[];
  /** The stored sound; null when it is silence. */
  readonly objectId: string | null;
  /** The recogniser has failed at some of it. */
  readonly lacksWords: boolean;
}

export interface Settlement {
  /** Frames before this one are durable on every channel. */
  stored: number;
  /** All that were settled, as they stand, also those that say the same: what told of them first may have died, or Redis was away. */
  lines: Segment[];
  removed: string[];
  /** Where it says something new besides how far it is. */
  recording: Recording | null;
}

export interface FinishedLive {
  readonly frames: number;
  readonly engine: string;
  readonly sizeBytes: number;
  readonly waveform: { binMs: number; peaks: readonly Uint8Array[] };
  /** A better model waits to hear it once more. */
  readonly next: 'second-pass' | undefined;
  /** As `Recording.liveSentBy`, by Redis; null where that does not say. */
  readonly sentBy: Readonly<Record<string, number>> | null;
}

/**
 * What one run writes. Every write is one transaction that locks the session under this run's fencing token before anything else, and throws
 * `SupersededError` when the token is no longer the row's. Writes wait out a database that restarts; a commit whose answer was lost
 * is recognised when it is tried again.
 */
export class LiveRunWrites {
  private readonly segments: LiveSegments;

  constructor(
    private readonly stores: LiveStores,
    private readonly recordingId: string,
    private readonly runId: string,
    private readonly signal: AbortSignal,
  ) {
    this.segments = new LiveSegments(recordingId);
  }

  /** Gives each channel its speaker and answers the checkpoints. */
  begin(engine: string): Promise<Beginning> {
    return this.fenced(async (session, em) => {
      const { sessions, transcripts } = this.stores;
      const recording = await this.recording();
      recording.engine = engine;
      const speakers = await transcripts.speakers(this.recordingId);
      for (let channel = 0; channel < (recording.channelCount ?? 1); channel += 1) {
        if (!speakers.some((speaker) => speaker.channel === channel)) speakers.push(this.newSpeaker(channel, speakers.length, em));
      }
      const tracks = await sessions.tracks(this.recordingId);
      const offRecord = (await sessions.offRecord(this.recordingId)).map(({ frames }) => frames);
      return { recording, writer: session.writer, failures: session.failures, speakers, tracks, offRecord };
    });
  }

  /** Renews the lease and tells what has become of the session. Does not wait for a database that is away. */
  async beat(): Promise<Beat> {
    const beats = await this.stores.em.fork().transactional(() => this.stores.sessions.renew([this.runId], 'wait'));
    const beat = beats.get(this.runId);
    if (!beat) throw new SupersededError();
    return beat;
  }

  /** Answers the segment as it stands, also where it said the same before: what told of it then may have died. Null where nothing is left to say. */
  async final(utterance: RecognizedUtterance, speakerId: string): Promise<Segment | null> {
    const inserted = await this.patiently((em) => this.segments.insertNew(em, this.runId, utterance, speakerId));
    return inserted ?? this.fenced(async (_session, em) => {
      // Before the segments, in the order in which a correction locks them: beside what was set aside a row may be inserted, which waits for the recording's.
      await this.recording();
      return this.segments.write(em, utterance, speakerId);
    });
  }

  settle(stretch: SettledStretch, speakerId: string): Promise<Settlement> {
    const { channel, fromSample, untilSample, nextIndex, objectId } = stretch;
    return this.fenced(async (session, em) => {
      const { sessions, audio } = this.stores;
      // Before the segments, in the order in which a correction locks them.
      const recording = await this.recording();
      const tracks = await sessions.tracks(this.recordingId);
      const track = tracks.find((one) => one.channel === channel);
      if (!track) throw new Error('A channel was settled that the session does not have');
      // The answer to the commit of this very stretch was lost with the connection.
      if (track.storedSamples === untilSample) return { stored: storedFrames(tracks), recording: null, ...(await this.segments.present(em, stretch.utterances)) };
      if (track.storedSamples !== fromSample) throw new Error('What is settled does not follow the checkpoint');
      await audio.attach(em, this.recordingId, { channel, startSample: fromSample, sampleCount: untilSample - fromSample, objectId });
      const { lines, removed, words } = await this.segments.settle(em, stretch.utterances, speakerId);
      const before = storedFrames(tracks);
      track.storedSamples = untilSample;
      track.nextUtterance = nextIndex;
      const stored = storedFrames(tracks);
      if (stored > before) session.progressed();
      recording.advance(recording.utterancesDone, stored * LIVE_FRAME_MS, words, new Date());
      const lacksNow = stretch.lacksWords && recording.lackWords();
      // Who counts the words of the row sees which lines it was not told of.
      return { stored, lines, removed, recording: lacksNow || words !== 0 ? recording : null };
    });
  }

  /** The session ends here: its row goes, the recording is completed. */
  complete({ frames, engine, sizeBytes, waveform, next, sentBy }: FinishedLive): Promise<Recording> {
    return this.fenced(async (session, em) => {
      const recording = await this.recording();
      recording.engine = engine;
      recording.liveFrames = frames;
      if (sentBy) recording.liveSentBy = sentBy;
      recording.sizeBytes = sizeBytes;
      recording.wordCount = await this.segments.words(em);
      // Who has heard nothing cannot say that nobody spoke.
      const notices: TranscriptionNoticeCode[] = recording.notices.includes('words-missing') ? ['words-missing'] : await speechNotices(recording, this.stores.transcripts);
      recording.completeLive({ durationMs: frames * LIVE_FRAME_MS, notices, waveform }, new Date(), next);
      em.remove(session);
      return recording;
    });
  }

  /** The row as it is, whoever holds the session. */
  find(): Promise<Recording | null> {
    return this.patiently((em) => em.transactional(() => this.stores.recordings.forUpdate(this.recordingId)));
  }

  private fenced<T>(change: (session: LiveSession, em: EntityManager) => Promise<T>): Promise<T> {
    return this.patiently((own) => own.transactional(async (em) => {
      const session = await this.stores.sessions.ofRun(this.recordingId, this.runId);
      if (!session) throw new SupersededError();
      return change(session, em);
    }));
  }

  private patiently<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return withPatience(() => work(this.stores.em.fork()), this.signal);
  }

  private async recording(): Promise<Recording> {
    const recording = await this.stores.recordings.forUpdate(this.recordingId);
    if (recording?.status !== 'live') throw new SupersededError();
    return recording;
  }

  private newSpeaker(channel: number, position: number, em: EntityManager): Speaker {
    const speaker = Speaker.ofChannel(this.recordingId, channel, position);
    em.persist(speaker);
    return speaker;
  }
}
