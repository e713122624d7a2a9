import type { Rel } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { UserSession } from './user-session.entity.js';

/** One refresh token, valid for one use. Used ones are kept, to know a stolen one when it comes back. */
@Entity({ tableName: 'refresh_token' })
export class RefreshToken {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Index()
  @ManyToOne(() => UserSession, { deleteRule: 'cascade' })
  session!: Rel<UserSession>;

  /** SHA-256 of the token, which itself is 256 random bits and needs no slow hash. */
  @Unique()
  @Property({ type: 'blob' })
  tokenHash!: Buffer;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  @Property({ type: 'datetime', nullable: true })
  usedAt: Date | null = null;
}
