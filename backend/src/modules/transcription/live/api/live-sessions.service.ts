import { LIVE_PROTOCOL, type LiveFinish, type LiveOpen, type LiveOpened } from '@auscult/contracts';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../../../platform/http/index.js';
import { Recording } from '../../recording.entity.js';
import { RecordingRepository } from '../../recording.repository.js';
import { Speaker } from '../../speaker.entity.js';
import { TranscriptAnnouncements } from '../../transcript-announcements.service.js';
import { LiveAudioStream } from '../live-audio-stream.js';
import { LiveSession } from '../live-session.entity.js';
import { FINISHED_FROM_ELSEWHERE, LiveSessionRepository } from '../live-session.repository.js';
import { LiveTrack } from '../live-track.entity.js';
import { LiveBeginnings } from './live-beginnings.service.js';

/** Sessions of one person that may be open at once: more are forgotten ones, or abuse. */
const MAX_OPEN_SESSIONS = 5;
/** With those that wait for the rest of their sound: a live process holds each of them, and holds only so many. */
const MAX_LIVE_SESSIONS = 20;

/** Begin, resumption and end of live sessions. Each method begins by asking for the recording of this owner. */
@Injectable()
export class LiveSessions {
  constructor(
    private readonly em: EntityManager,
    private readonly recordings: RecordingRepository,
    private readonly sessions: LiveSessionRepository,
    private readonly stream: LiveAudioStream,
    private readonly announcements: TranscriptAnnouncements,
    private readonly beginnings: LiveBeginnings,
  ) {}

  /**
   * Starts the session with the id that the sender chose, or goes on with it as its new writer. Of a session that is over it tells
   * that everything is stored.
   * @throws ProblemError `not-found` when the id is somebody else's, `too-many-requests` when too many sessions are open
   */
  async open(ownerId: string, asked: LiveOpen): Promise<LiveOpened> {
    if (asked.protocol !== LIVE_PROTOCOL) throw new ProblemError('protocol-unsupported');
    await this.stream.state(asked.recordingId); // nothing is begun, and nobody replaced, while Redis is away
    const { recording, isNew } = await this.findOrCreate(ownerId, asked);
    if (recording.liveSource === null) throw new ProblemError('recording-state', 'The recording was uploaded; a live session has an id of its own.');
    if (recording.channelCount !== asked.channelCount) throw new ProblemError('request-invalid', 'The session was begun with another number of channels.');
    const taken = isNew ? { writer: 1, before: null } : await this.sessions.takeOver(recording.id, asked);
    if (taken === null && (await this.sessions.find(recording.id))) throw new ProblemError('live-replaced');
    const state = taken && (await this.beginnings.begin(recording, { ...taken, isNew, sender: asked.sender ?? null }));
    if (!taken || !state) return ended(await this.current(ownerId, recording.id), asked);
    const { writer } = taken;
    const { received, stored, sentBy } = state;
    if (isNew) this.announcements.changed(recording);
    return { ok: true, protocol: LIVE_PROTOCOL, writer, received, stored, ...ownOf(received, sentBy.get(asked.sender ?? '')), finished: recording.liveFrames !== null };
  }

  /** What of the session Redis has, made anew from the rows if it has nothing. */
  async rebuild(ownerId: string, recordingId: string, writer: number): Promise<void> {
    const recording = await this.recordings.owned(ownerId, recordingId);
    const session = await this.sessions.find(recordingId);
    if (!session) throw new ProblemError('live-ended');
    if (session.writer !== writer) throw new ProblemError('live-replaced');
    if ((await this.beginnings.begin(recording, session)) === null) throw new ProblemError('live-ended');
  }

  /**
   * The session has exactly so many frames; those that are missing may still come. Saying it again changes nothing.
   * @throws ProblemError `live-replaced`, `live-ended` when it has ended with another number, `request-invalid` when more was received
   */
  async finish(ownerId: string, { recordingId, writer, frames }: LiveFinish): Promise<void> {
    await this.recordings.owned(ownerId, recordingId);
    const received = (await this.stream.state(recordingId))?.received ?? (await this.sessions.storedFrames(recordingId));
    const { recording, session } = await this.end(ownerId, recordingId, writer, (live) => {
      if (received > frames) throw new ProblemError('request-invalid', 'More frames were received than the session is said to have.');
      live.finishLive(frames);
    });
    if (recording.liveFrames !== frames) throw new ProblemError('live-ended');
    if (session) await this.announceEnd(recording, session);
  }

  /** Ends the session from another device at what was received, also where its sender has announced more and does not come back; it is replaced, so that nothing more comes. */
  async finishHere(ownerId: string, recordingId: string): Promise<Recording> {
    const known = await this.recordings.owned(ownerId, recordingId);
    if (known.liveSource === null) throw new ProblemError('recording-state', 'Only a session that is made live can be finished.');
    await this.stream.state(recordingId); // the sender is not replaced while Redis is away
    const taken = await this.sessions.takeOver(recordingId, { sender: FINISHED_FROM_ELSEWHERE });
    if (taken === null) return this.recordings.owned(ownerId, recordingId);
    const state = await this.beginnings.begin(known, { ...taken, sender: FINISHED_FROM_ELSEWHERE });
    if (!state) return this.current(ownerId, recordingId);
    const { recording, session } = await this.end(ownerId, recordingId, taken.writer, (live) => live.endLive(state.received));
    if (session) await this.announceEnd(recording, session);
    return recording;
  }

  private async findOrCreate(ownerId: string, asked: LiveOpen): Promise<{ recording: Recording; isNew: boolean }> {
    const known = await this.em.fork().findOne(Recording, { id: asked.recordingId });
    if (known) return { recording: await this.recordings.owned(ownerId, asked.recordingId), isNew: false };
    // Who was its sender knows a session that has been deleted since: it must not come back.
    if (asked.known || asked.after !== undefined) throw new ProblemError('not-found');
    await this.requireRoom(ownerId);
    try {
      return { recording: await this.create(ownerId, asked), isNew: true };
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      return { recording: await this.recordings.owned(ownerId, asked.recordingId), isNew: false }; // opened twice at the same moment
    }
  }

  private async requireRoom(ownerId: string): Promise<void> {
    const { open, live } = await this.sessions.countsOf(ownerId);
    if (open >= MAX_OPEN_SESSIONS) throw new ProblemError('too-many-requests', `Up to ${MAX_OPEN_SESSIONS} sessions can be open at once; finish one first.`);
    if (live >= MAX_LIVE_SESSIONS) throw new ProblemError('too-many-requests', `${MAX_LIVE_SESSIONS} sessions are not complete yet; their sound must come first.`);
  }

  private create(ownerId: string, { recordingId: id, channelCount, source, title, sender }: LiveOpen): Promise<Recording> {
    const now = new Date();
    return this.em.fork().transactional(async (em) => {
      const recording = Recording.startLive({ id, ownerId, source, channelCount, title: title ?? titleOf(now) }, now);
      em.persist(recording);
      await em.flush();
      em.persist(LiveSession.begin(id, sender ?? null));
      for (let channel = 0; channel < channelCount; channel += 1) {
        em.persist([LiveTrack.begin(id, channel), Speaker.ofChannel(id, channel, channel, speakerName(source, channel))]);
      }
      return recording;
    });
  }

  /** As the row is now, whatever was read before. */
  private current(ownerId: string, id: string): Promise<Recording> {
    return this.em.transactional(() => this.recordings.ownedForUpdate(ownerId, id));
  }

  /** @throws ProblemError `live-replaced` when a later writer has the session */
  private async end(ownerId: string, recordingId: string, writer: number, end: (recording: Recording) => void): Promise<{ recording: Recording; session: LiveSession | null }> {
    return this.em.transactional(async () => {
      const session = await this.sessions.forUpdate(recordingId);
      const recording = await this.recordings.ownedForUpdate(ownerId, recordingId);
      if (session && session.writer !== writer) throw new ProblemError('live-replaced');
      if (session) end(recording);
      return { recording, session };
    });
  }

  /** The worker finds the end in the row; Redis has it so that nothing behind it is taken. */
  private async announceEnd(recording: Recording, { writer, sender }: LiveSession): Promise<void> {
    try {
      if (!(await this.beginnings.begin(recording, { writer, sender }))) return;
    } catch (error) {
      // Who has opened it since has told Redis of the end.
      if (!(error instanceof ProblemError && error.code === 'live-replaced')) throw error;
    }
    this.announcements.changed(recording);
  }
}

function ended(recording: Recording, asked: LiveOpen): LiveOpened {
  const frames = recording.liveFrames ?? 0;
  return { ok: true, protocol: LIVE_PROTOCOL, writer: 1, received: frames, stored: frames, ...ownOf(frames, recording.liveSentBy?.[asked.sender ?? '']), finished: true };
}

/** @param own what the sender had sent when it was replaced; nothing else lies before `received` where that is as much */
function ownOf(received: number, own: number | undefined): Pick<LiveOpened, 'own'> {
  return own === undefined || own >= received ? {} : { own };
}

function titleOf(now: Date): string {
  return `Session of ${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(now)}`;
}

/** In a call the channels tell who speaks; in a room nobody is known yet. */
function speakerName(source: LiveOpen['source'], channel: number): string | undefined {
  if (source !== 'telehealth') return undefined;
  return channel === 0 ? 'Clinician' : 'Patient';
}
