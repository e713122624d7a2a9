import { LIVE_FRAME_SAMPLES, LIVE_MAX_FRAMES, LIVE_MESSAGE_FRAMES, type LiveAudio, type LiveReceived, type ProblemCode } from '@auscult/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { DatabaseWork } from '../../../../platform/database/index.js';
import { ProblemError } from '../../../../platform/http/index.js';
import { onFrequentEvent } from '../../../../platform/realtime/index.js';
import { type AppendAnswer, LiveAudioStream } from '../live-audio-stream.js';
import { LiveSessionRepository } from '../live-session.repository.js';
import { LiveSessions } from './live-sessions.service.js';

/** How often a session that goes on is noted as such in its row. */
const NOTED_EVERY_MS = 60_000;

interface OpenedSession {
  ownerId: string;
  writer: number;
  channelCount: number;
  /** When it was noted in the row that the sender is there; monotonic milliseconds. */
  notedAt: number;
  /** Why nothing more is taken from this socket. */
  refused?: ProblemCode;
}

/**
 * Takes sound from sockets. A message costs one script in Redis and, but for one a minute, nothing in the database: what a socket may send to was found out
 * when it opened the session.
 */
@Injectable()
export class AudioIntake {
  private readonly logger = new Logger('AudioIntake');
  private readonly opened = new WeakMap<Socket, Map<string, OpenedSession>>();
  /** After Redis was emptied many messages find out at once. */
  private readonly rebuilding = new Map<string, Promise<void>>();

  constructor(
    private readonly stream: LiveAudioStream,
    private readonly sessions: LiveSessions,
    private readonly rows: LiveSessionRepository,
    private readonly database: DatabaseWork,
  ) {}

  /** From now on this socket may send to the session. */
  admit(socket: Socket, recordingId: string, session: Pick<OpenedSession, 'ownerId' | 'writer' | 'channelCount'>): void {
    const known = this.opened.get(socket) ?? this.listen(socket);
    known.set(recordingId, { ...session, notedAt: performance.now() });
  }

  private listen(socket: Socket): Map<string, OpenedSession> {
    const sessions = new Map<string, OpenedSession>();
    this.opened.set(socket, sessions);
    onFrequentEvent(socket, 'live:audio', (sent) => this.take(sessions, sent));
    return sessions;
  }

  /** @throws ProblemError `not-found` when this socket did not open the session, `live-replaced`, `live-ended`, `request-invalid`, `unavailable` */
  private async take(sessions: ReadonlyMap<string, OpenedSession>, { recordingId, writer, first, audio }: LiveAudio): Promise<LiveReceived> {
    const session = sessions.get(recordingId);
    if (!session) throw new ProblemError('not-found');
    if (session.refused) throw new ProblemError(session.refused);
    if (session.writer !== writer) throw new ProblemError('live-replaced');
    requireWholeFrames(audio, first, session.channelCount);
    try {
      const { received, stored } = await this.append(session, recordingId, first, audio);
      this.note(session, recordingId);
      return { ok: true, received, stored };
    } catch (error) {
      if (error instanceof ProblemError && isFinal(error.code)) session.refused = error.code;
      throw error;
    }
  }

  private async append(session: OpenedSession, recordingId: string, first: number, audio: Uint8Array): Promise<AppendAnswer> {
    const send = () => this.stream.append(recordingId, session.writer, first, audio, session.channelCount);
    let answer = await send();
    if (answer.outcome === 'unknown') {
      await this.rebuild(session, recordingId);
      answer = await send();
    }
    if (answer.outcome === 'unknown') throw new ProblemError('unavailable');
    if (answer.outcome === 'replaced') throw new ProblemError('live-replaced');
    return answer;
  }

  private note(session: OpenedSession, recordingId: string): void {
    if (performance.now() - session.notedAt < NOTED_EVERY_MS) return;
    session.notedAt = performance.now();
    this.database.run(() => this.rows.heard(recordingId)).catch(() => this.logger.debug('That a session goes on was not noted; the next minute will do'));
  }

  private rebuild(session: OpenedSession, recordingId: string): Promise<void> {
    const key = `${recordingId}:${session.writer}`;
    const running = this.rebuilding.get(key);
    if (running) return running;
    const rebuilt = this.database.run(() => this.sessions.rebuild(session.ownerId, recordingId, session.writer)).finally(() => this.rebuilding.delete(key));
    this.rebuilding.set(key, rebuilt);
    return rebuilt;
  }
}

function requireWholeFrames(audio: Uint8Array, first: number, channelCount: number): void {
  const frames = audio.byteLength / (LIVE_FRAME_SAMPLES * 2 * channelCount);
  if (!Number.isInteger(frames) || frames < 1 || frames > LIVE_MESSAGE_FRAMES) {
    throw new ProblemError('request-invalid', `Audio must be 1 to ${LIVE_MESSAGE_FRAMES} whole frames of ${LIVE_FRAME_SAMPLES} 16-bit samples for each channel.`);
  }
  if (first + frames > LIVE_MAX_FRAMES) throw new ProblemError('request-invalid', `A session has at most ${LIVE_MAX_FRAMES} frames.`);
}

/** Trying again on the same socket cannot help. */
function isFinal(code: ProblemCode): boolean {
  return code === 'not-found' || code === 'live-replaced' || code === 'live-ended';
}
