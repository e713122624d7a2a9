import type { Rel } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import type { Role, UserView } from '@auscult/contracts';
import { Practice } from './practice.entity.js';

/** Somebody who may sign in. */
@Entity({ tableName: 'app_user' })
export class User {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Index()
  @ManyToOne(() => Practice)
  practice!: Rel<Practice>;

  /** Folded to one form by the `Email` contract, so that unique means unique. */
  @Unique()
  @Property({ type: 'string', length: 254 })
  email!: string;

  @Property({ type: 'string', length: 120 })
  displayName!: string;

  @Property({ type: 'string', length: 20 })
  role!: Role;

  /** argon2id in PHC text form, parameters and salt included. */
  @Property({ type: 'string', length: 255, lazy: true })
  passwordHash!: string;

  @Property({ type: 'datetime' })
  createdAt!: Date;

  toView(): UserView {
    return {
      id: this.id,
      email: this.email,
      displayName: this.displayName,
      role: this.role,
      practiceName: this.practice.name,
      createdAt: this.createdAt.toISOString(),
    };
  }
}
