import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { entities } from '../../entities.js';
import { databaseOptions } from './index.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

describe('the connection to the database', () => {
  // Kysely before 0.29.9, which MikroORM asks for, loses such a connection, and closing waits for it for ever: hence `overrides` in package.json.
  it('closes while the server is still letting it in, and refuses the statement that waited for that', async () => {
    const orm = await MikroORM.init(databaseOptions(database.url, entities));
    const statement = orm.em.getConnection().execute('select 1').then(() => 'answered', () => 'refused');
    await nextTurn();
    await orm.close();
    expect(await statement).toBe('refused');
  }, 20_000);
});
