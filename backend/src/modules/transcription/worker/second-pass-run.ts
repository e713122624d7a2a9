import { type UtteranceEvent, secondHearing } from '@auscult/speech';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Recording } from '../recording.entity.js';
import { Segment } from '../segment.entity.js';
import { speechNotices } from '../speech-notices.js';
import { type Fence, fenced } from './fenced.js';
import type { EndableRun } from './run-end.js';
import type { RunStores } from './transcription-run.js';

/**
 * One run of a second hearing: writes its sign of life, and the result at once or not at all. Each write locks the recording, for which
 * corrections wait: what a person has changed until then stays.
 */
export class SecondPassRun implements EndableRun {
  /** How far it has listened; written with the next beat. */
  reachedMs = 0;
  private readonly fence: Fence;

  constructor(
    private readonly stores: RunStores,
    readonly recordingId: string,
    runId: string,
    readonly signal: AbortSignal,
  ) {
    this.fence = { em: stores.em, held: () => stores.recordings.ofSecondPass(recordingId, runId), signal };
  }

  begin(engine: string): Promise<Recording> {
    return fenced(this.fence, async (recording) => {
      recording.secondPass.engine = engine;
      return recording;
    });
  }

  beat(): Promise<Recording> {
    return fenced(this.fence, async (recording) => {
      recording.secondPass.beat(this.reachedMs, new Date());
      return recording;
    });
  }

  /** Answers the segments that say something else now, and those that are new. */
  complete(utterances: readonly UtteranceEvent[], engine: string): Promise<{ recording: Recording; segments: Segment[] }> {
    return fenced(this.fence, async (recording, em) => {
      const { transcripts } = this.stores;
      const known = await transcripts.segments(this.recordingId);
      const recognized = await transcripts.recognizedTexts(known);
      const before = known.map(({ id, channel, startMs, endMs, text }) => ({ channel, startMs, endMs, text: recognized.get(id) ?? text }));
      const { replaced, found } = secondHearing(before, utterances);
      const changed = known.filter((segment, at) => replaced[at] && segment.heardAgain(replaced[at]));
      const added = await this.add(em, found, 1 + Math.max(-1, ...known.map(({ utteranceIndex }) => utteranceIndex)));
      await em.flush();
      const wordCount = [...known, ...added].reduce((sum, { words }) => sum + words.length, 0);
      recording.heardAgain(engine, wordCount, await speechNotices(recording, transcripts));
      return { recording, segments: [...changed, ...added] };
    });
  }

  fail(): Promise<Recording> {
    return fenced(this.fence, async (recording) => {
      recording.secondPass.fail();
      return recording;
    });
  }

  release(reason: 'shutdown' | 'fault'): Promise<Recording> {
    return fenced(this.fence, async (recording) => {
      recording.secondPass.release(reason);
      return recording;
    });
  }

  /** Numbers after all others: nothing else is written to a completed session, and the recording is locked. */
  private async add(em: EntityManager, found: readonly UtteranceEvent[], firstIndex: number): Promise<Segment[]> {
    if (found.length === 0) return [];
    const speakers = await this.stores.transcripts.speakers(this.recordingId);
    const now = new Date();
    const segments = found.map((utterance, at) => {
      const speaker = speakers.find(({ channel }) => channel === utterance.channel);
      if (!speaker) throw new Error('Something was heard on a channel that the session does not have');
      return Segment.recognized(this.recordingId, speaker.id, { ...utterance, index: firstIndex + at }, now);
    });
    em.persist(segments);
    return segments;
  }
}
