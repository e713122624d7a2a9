import { LIVE_FRAME_MS } from '@auscult/contracts';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../../platform/http/index.js';
import type { Recording } from '../../recording.entity.js';
import { RecordingRepository } from '../../recording.repository.js';
import { LiveAnnouncements } from '../live-announcements.service.js';
import { LiveAudioStream, type LiveStreamState } from '../live-audio-stream.js';
import type { LiveSession } from '../live-session.entity.js';
import { FINISHED_FROM_ELSEWHERE, LiveSessionRepository } from '../live-session.repository.js';
import { SenderChanges } from './sender-changes.service.js';

/** Who begins to send, and whose place it has taken. */
type Beginning = Pick<LiveSession, 'writer' | 'sender'> & { before?: string | null; isNew?: boolean };

/** Tells Redis who sends to a session, and what is known of it from the rows. */
@Injectable()
export class LiveBeginnings {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly stream: LiveAudioStream,
    private readonly senders: SenderChanges,
    private readonly live: LiveAnnouncements,
  ) {}

  /** Null when the session has ended since its row was read. @throws ProblemError `not-found` when it was deleted since */
  async begin(recording: Recording, { writer, sender, before = null, isNew = false }: Beginning): Promise<LiveStreamState | null> {
    const { id, channelCount, liveFrames, liveSentBy } = recording;
    const known = sender === FINISHED_FROM_ELSEWHERE ? null : sender;
    const stored = await this.sessions.storedFrames(id);
    await this.stream.begin(id, { writer, sender: known, before, isNew, sentBy: liveSentBy, received: stored, stored, channelCount: channelCount ?? 1, end: liveFrames });
    const begun = await this.stream.state(id);
    if (!(await this.sessions.find(id))) return this.takeBack(recording);
    if (!begun) throw new ProblemError('unavailable');
    if (begun.writer !== writer) throw new ProblemError('live-replaced');
    const state = begun.isHandover ? await this.senders.settle(recording, begun) : begun;
    if (!state) return this.takeBack(recording);
    await this.noteSentBy(recording, state.sentBy);
    this.stream.announce(id);
    const { received } = state;
    this.live.progress({ recordingId: id, writer, received, stored: state.stored, lagMs: (received - state.stored) * LIVE_FRAME_MS });
    return state;
  }

  /** In the row too, as it stands in Redis: that may be emptied, and forgets a session that is over. */
  private async noteSentBy({ id, liveSentBy }: Recording, sentBy: LiveStreamState['sentBy']): Promise<void> {
    const noted = Object.entries(liveSentBy ?? {});
    if (noted.length !== sentBy.size || noted.some(([sender, frames]) => sentBy.get(sender) !== frames)) await this.sessions.noteSentBy(id, Object.fromEntries(sentBy));
  }

  /** Who ended or deleted the session has emptied Redis before: nobody would do it again. */
  private async takeBack({ id, ownerId }: Recording): Promise<null> {
    await this.stream.remove(id);
    await this.em.transactional(() => this.recordings.ownedForUpdate(ownerId, id));
    return null;
  }
}
