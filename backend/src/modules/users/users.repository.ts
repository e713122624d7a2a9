import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '@auscult/contracts';
import { User } from './user.entity.js';

/** Reads and adds people. */
@Injectable()
export class UsersRepository {
  constructor(private readonly em: EntityManager) {}

  findById(id: string): Promise<User | null> {
    return this.em.findOne(User, { id }, { populate: ['practice'] });
  }

  /** With the password hash, which is otherwise not loaded. */
  findForSignIn(email: string): Promise<User | null> {
    return this.em.findOne(User, { email }, { populate: ['practice', 'passwordHash'] });
  }

  pageOfPractice(practiceId: string, query: PageQuery): Promise<[User[], number]> {
    return this.em.findAndCount(
      User,
      { practice: practiceId },
      { populate: ['practice'], orderBy: { displayName: 'asc', id: 'asc' }, limit: query.pageSize, offset: (query.page - 1) * query.pageSize },
    );
  }

  findNames(ids: readonly string[]): Promise<Pick<User, 'id' | 'displayName'>[]> {
    return this.em.find(User, { id: { $in: [...ids] } }, { fields: ['id', 'displayName'] });
  }

  async add(user: User): Promise<void> {
    await this.em.persist(user).flush();
  }
}
