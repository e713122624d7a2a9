import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { Client } from 'pg';
import { migrations } from '#migrations';
import { databaseOptions } from './database-options.js';

/** Any number that nothing else in this database locks. */
const MIGRATION_LOCK = 7_265_183_501;

/**
 * Brings the database to the newest schema and answers the names of the migrations that ran. Only one process migrates at a
 * time (advisory lock): of three that started together on an empty database, two died on each other's tables.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const lock = new Client({ connectionString: databaseUrl });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runMigrations(databaseUrl);
  } finally {
    await lock.end();
  }
}

async function runMigrations(databaseUrl: string): Promise<string[]> {
  const orm = await MikroORM.init({
    ...databaseOptions(databaseUrl, []),
    extensions: [Migrator],
    discovery: { warnWhenNoEntities: false },
    migrations: { migrationsList: migrations, snapshot: false },
  });
  try {
    return (await orm.migrator.up()).map((migration) => migration.name);
  } finally {
    await orm.close();
  }
}
