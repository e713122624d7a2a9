import { randomUUID } from 'node:crypto';
import { MikroORM } from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { entities } from '../../src/entities.js';
import { Practice, User } from '../../src/modules/users/index.js';
import { databaseOptions, migrate } from '../../src/platform/database/index.js';
import { createTestDatabase } from '../test-database.js';

/** A database of its own with one clinician in it, without any process around it. */
export interface OwnedDatabase {
  readonly orm: MikroORM<PostgreSqlDriver>;
  readonly ownerId: string;
  close(): Promise<void>;
}

export async function createOwnedDatabase(): Promise<OwnedDatabase> {
  const database = await createTestDatabase();
  await migrate(database.url);
  const orm = await MikroORM.init<PostgreSqlDriver>(databaseOptions(database.url, entities));
  const em = orm.em.fork();
  const [ownerId, createdAt] = [randomUUID(), new Date()];
  const practice = em.create(Practice, { id: randomUUID(), name: 'P', createdAt });
  em.create(User, { id: ownerId, practice, email: 'a@example.org', displayName: 'A', role: 'clinician', passwordHash: 'x', createdAt });
  await em.flush();
  const close = async () => {
    await orm.close(true);
    await database.drop();
  };
  return { orm, ownerId, close };
}
