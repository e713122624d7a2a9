import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { CreateUserBody, PageQuery, UserPage, UserView } from '@auscult/contracts';
import { ProblemError } from '../../platform/http/index.js';
import { Passwords } from './passwords.service.js';
import { Practice } from './practice.entity.js';
import { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

/** The people of a practice. Whoever asks sees and changes the own practice only. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly em: EntityManager,
  ) {}

  async page(practiceId: string, query: PageQuery): Promise<UserPage> {
    const [people, total] = await this.users.pageOfPractice(practiceId, query);
    return { items: people.map((person) => person.toView()), total, page: query.page, pageSize: query.pageSize };
  }

  /** @throws ProblemError `email-taken` */
  async create(practiceId: string, body: CreateUserBody): Promise<UserView> {
    const user = new User();
    user.id = randomUUID();
    user.practice = await this.em.findOneOrFail(Practice, { id: practiceId });
    user.email = body.email;
    user.displayName = body.displayName;
    user.role = body.role;
    user.passwordHash = await this.passwords.hash(body.password);
    user.createdAt = new Date();
    try {
      await this.users.add(user);
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) throw new ProblemError('email-taken');
      throw error;
    }
    return user.toView();
  }

  /** @throws ProblemError `not-found` */
  async view(id: string): Promise<UserView> {
    const user = await this.users.findById(id);
    if (!user) throw new ProblemError('not-found');
    return user.toView();
  }

  /** The person whom this email address and password belong to, or null; takes equally long either way. */
  async recognize(email: string, password: string): Promise<User | null> {
    const user = await this.users.findForSignIn(email);
    const matches = await this.passwords.matches(user?.passwordHash ?? null, password);
    return matches ? user : null;
  }

  /** Display names by id; a person who is gone is missing from the answer. */
  async displayNames(ids: readonly string[]): Promise<Map<string, string>> {
    const people = await this.users.findNames(ids);
    return new Map(people.map((person) => [person.id, person.displayName]));
  }
}
