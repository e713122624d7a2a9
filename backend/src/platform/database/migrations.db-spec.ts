import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { migrations } from '#migrations';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { entities } from '../../entities.js';
import { databaseOptions, migrate } from './index.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/**
 * What the database may have beyond the entities, which only say what the code needs: indexes, constraints, defaults, and
 * narrower forms of a type (a length, a smaller integer). Anything else - a missing table or column, another type, a column that
 * may be null on one side only - is a mistake.
 */
const STRICTER = [/^alter table "\w+" drop constraint "\w+"$/, /^drop index "\w+"$/, /^alter table "\w+" alter column "\w+" (set|drop) default\b/];
const TYPE = /^alter table "(\w+)" alter column "(\w+)" type (varchar\(255\)|int) using /;
const NARROWER: Record<string, string> = { 'varchar(255)': 'character varying', int: 'smallint' };

async function disagreements(orm: MikroORM): Promise<string[]> {
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  const statements = sql.split(';').map((statement) => statement.trim()).filter(Boolean);
  const wrong: string[] = [];
  for (const statement of statements) {
    if (STRICTER.some((pattern) => pattern.test(statement))) continue;
    const [, table, column, type = ''] = TYPE.exec(statement) ?? [];
    const rows = await orm.em.getConnection().execute<{ data_type: string }[]>(
      'select data_type from information_schema.columns where table_name = ? and column_name = ?', [table ?? '', column ?? '']);
    if (!rows[0] || rows[0].data_type !== NARROWER[type]) wrong.push(statement);
  }
  return wrong;
}

describe('the migrations', () => {
  it('make the tables that the entities describe, stricter at most', async () => {
    await migrate(database.url);
    const orm = await MikroORM.init(databaseOptions(database.url, entities));
    try {
      expect(await disagreements(orm)).toEqual([]);
      await orm.em.getConnection().execute('alter table app_user drop column display_name, alter column email drop not null');
      await orm.em.getConnection().execute('alter table practice alter column name type text');
      expect((await disagreements(orm)).join('\n')).toMatch(/practice.*\n.*display_name.*\n.*email.*not null/s);
    } finally {
      await orm.close();
    }
  });

  it('run once, also when three processes start together on an empty database', async () => {
    const ran = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    expect(ran.flat()).toEqual(migrations.map((migration) => migration.name));
    expect(await migrate(database.url)).toEqual([]);
  });
});
