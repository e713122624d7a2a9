import { LIVE_FRAME_MS } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../../platform/http/index.js';
import type { Recording } from '../../recording.entity.js';
import { RecordingRepository } from '../../recording.repository.js';
import { TranscriptAnnouncements } from '../../transcript-announcements.service.js';
import { LiveAnnouncements } from '../live-announcements.service.js';
import { LiveAudioStream, type LiveStreamState } from '../live-audio-stream.js';
import { LiveSessionRepository, storedFrames } from '../live-session.repository.js';
import type { Marker } from '../marker.entity.js';
import { removeUnsettled } from './unsettled-lines.js';

interface Settled {
  recording: Recording;
  /** Frames before this one are durable. */
  stored: number;
  removed: string[];
  /** Of what was off the record something is no more. */
  hasShortened: boolean;
}

/** Another sender has the session: the frames to come are its own, whatever the rows and the run believed of those of the one before. */
@Injectable()
export class SenderChanges {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly stream: LiveAudioStream,
    private readonly announcements: TranscriptAnnouncements,
    private readonly live: LiveAnnouncements,
  ) {}

  /**
   * Brings the rows in line, before the new sender is told anything. Nothing more of the earlier one can come: Redis refuses it.
   * @param state as Redis has it since it refuses the earlier sender
   * @returns the state from which the new sender goes on; null when the session is over
   * @throws ProblemError `live-replaced`, `not-found`, `unavailable`
   */
  async settle({ id, ownerId, channelCount }: Recording, state: LiveStreamState): Promise<LiveStreamState | null> {
    const settled = await this.em.fork().transactional((em) => this.bringInLine(em, ownerId, id, state));
    if (!settled) return null;
    const { stored, removed, hasShortened } = settled;
    await this.stream.handedOver(id, { writer: state.writer, stored });
    if (state.isRemade) {
      for (let channel = 0; channel < (channelCount ?? 1); channel += 1) this.live.partialTakenBack(id, channel, stored * LIVE_FRAME_MS);
    }
    this.live.removed(id, removed);
    if (hasShortened) this.live.markers(id, await this.sessions.markers(id));
    if (removed.length > 0) this.announcements.changed(settled.recording);
    const now = await this.stream.state(id);
    if (!now) throw new ProblemError('unavailable');
    if (now.writer !== state.writer) throw new ProblemError('live-replaced');
    return now;
  }

  private async bringInLine(em: EntityManager, ownerId: string, id: string, { writer, received, isRemade }: LiveStreamState): Promise<Settled | null> {
    const session = await this.sessions.forUpdate(id);
    if (!session) return null;
    if (session.writer !== writer) throw new ProblemError('live-replaced');
    const recording = await this.recordings.ownedForUpdate(ownerId, id);
    const tracks = await this.sessions.tracks(id);
    const stored = storedFrames(tracks);
    const end = Math.max(received, stored);
    const hasShortened = shorten(em, await this.sessions.offRecord(id), end);
    // The run may be ahead of what was received: by silence that is none any more, or by sound of the earlier sender that Redis has lost, and that this one has in store.
    if (!hasShortened && !isRemade) return { recording, stored, removed: [], hasShortened };
    session.interrupt();
    return { recording, stored, removed: await removeUnsettled(em, recording, tracks, isRemade ? end * LIVE_FRAME_MS : undefined), hasShortened };
  }
}

/** Off the record was what the earlier sender has recorded: where it has not sent that, the next one's sound stands now. Its own copy is silent already. */
function shorten(em: EntityManager, offRecord: readonly Marker[], end: number): boolean {
  const ahead = offRecord.filter(({ frames }) => frames.until > end);
  for (const marker of ahead) {
    const rest = marker.before(end);
    em.remove(marker);
    if (rest) em.persist(rest);
  }
  return ahead.length > 0;
}
