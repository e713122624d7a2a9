import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { ProblemError } from '../../platform/http/index.js';
import { RealtimePublisher } from '../../platform/realtime/index.js';
import { User } from '../users/index.js';
import { RefreshToken } from './refresh-token.entity.js';
import { UserSession } from './user-session.entity.js';

/**
 * Two tabs of one browser share the cookie and may refresh at the same moment; the later one then shows a token that was just
 * used. Within this time that is answered with an access token for the same session but without a new refresh token, so a
 * thief who is that quick gains one short access token and cannot stay.
 */
const TAB_RACE_MS = 10_000;
const DAY_MS = 86_400_000;

export interface OpenSession {
  session: UserSession;
  user: User;
  /** For the cookie; null leaves the cookie as it is. */
  refreshToken: string | null;
}

/** Where people are signed in: opens, refreshes and ends sessions. */
@Injectable()
export class Sessions {
  constructor(
    private readonly em: EntityManager,
    private readonly publisher: RealtimePublisher,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async open(user: User): Promise<OpenSession> {
    const now = new Date();
    await this.em.nativeDelete(UserSession, { user: user.id, expiresAt: { $lt: now } });
    const session = this.em.create(UserSession, { id: randomUUID(), user, createdAt: now, expiresAt: this.expiry(now), revokedAt: null });
    this.em.persist(session);
    const refreshToken = this.issueToken(session, now);
    await this.em.flush();
    return { session, user, refreshToken };
  }

  /**
   * Exchanges a refresh token for the next one. One that was used before means that two parties hold it: the whole session ends.
   * @throws ProblemError `session-ended`
   */
  async refresh(token: string): Promise<OpenSession> {
    const renewed = await this.em.transactional((em) => this.exchange(em, token));
    if (renewed === 'unknown') throw new ProblemError('session-ended');
    if ('reused' in renewed) {
      this.publisher.disconnectSession(renewed.reused);
      throw new ProblemError('session-ended');
    }
    return renewed;
  }

  /** The signed-in person behind a session, or null once it is over. Asked with every request, so that revoking works at once. */
  async findPerson(sessionId: string, userId: string): Promise<User | null> {
    const session = await this.em.findOne(UserSession, { id: sessionId, user: userId }, { populate: ['user'] });
    return session && !session.isOver(new Date()) ? session.user : null;
  }

  /** Which of these are not over. */
  async stillOpen(sessionIds: readonly string[]): Promise<ReadonlySet<string>> {
    const open = await this.em.find(UserSession, { id: [...sessionIds], revokedAt: null, expiresAt: { $gt: new Date() } }, { fields: ['id'] });
    return new Set(open.map(({ id }) => id));
  }

  /** Ends the session that a refresh token, used or not, belongs to; an unknown one ends nothing. */
  async endByToken(token: string): Promise<void> {
    const known = await this.em.findOne(RefreshToken, { tokenHash: hashOf(token) });
    if (known) await this.end(known.session.id);
  }

  async end(sessionId: string): Promise<void> {
    await this.em.nativeUpdate(UserSession, { id: sessionId, revokedAt: null }, { revokedAt: new Date() });
    this.publisher.disconnectSession(sessionId);
  }

  async endAll(userId: string): Promise<void> {
    await this.em.nativeUpdate(UserSession, { user: userId, revokedAt: null }, { revokedAt: new Date() });
    this.publisher.disconnectUser(userId);
  }

  private async exchange(em: EntityManager, token: string): Promise<OpenSession | { reused: string } | 'unknown'> {
    const now = new Date();
    const known = await em.findOne(RefreshToken, { tokenHash: hashOf(token) }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!known) return 'unknown';
    // Locked, so that signing out everywhere and a refresh at the same moment cannot miss each other.
    const session = await em.findOneOrFail(UserSession, { id: known.session.id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    if (session.isOver(now)) return 'unknown';
    const user = await em.findOneOrFail(User, { id: session.user.id }, { populate: ['practice'] });
    if (known.usedAt) {
      if (now.getTime() - known.usedAt.getTime() <= TAB_RACE_MS) return { session, user, refreshToken: null };
      session.revokedAt = now;
      return { reused: session.id };
    }
    known.usedAt = now;
    session.expiresAt = this.expiry(now);
    return { session, user, refreshToken: this.issueToken(session, now, em) };
  }

  private issueToken(session: UserSession, now: Date, em: EntityManager = this.em): string {
    const token = randomBytes(32).toString('base64url');
    em.persist(em.create(RefreshToken, { id: randomUUID(), session, tokenHash: hashOf(token), createdAt: now, usedAt: null }));
    return token;
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.config.refreshTokenDays * DAY_MS);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
