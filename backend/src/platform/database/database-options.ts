import { type AnyEntity, type EntityClass } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { PostgreSqlDriver, defineConfig } from '@mikro-orm/postgresql';

export type Entities = EntityClass<AnyEntity>[];

/** A statement that runs longer than this is broken or abused; jobs work in many short ones. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** Whoever gets no connection for so long is told so: what waits for ever, itself holding one, would keep all others waiting too. */
const CONNECTION_TIMEOUT_MS = 30_000;

/** Options that the api, the worker, the migration and the tests share. */
export function databaseOptions(databaseUrl: string, entities: Entities) {
  return defineConfig({
    driver: PostgreSqlDriver,
    clientUrl: databaseUrl,
    entities,
    metadataProvider: ReflectMetadataProvider,
    // Moments are timestamptz in UTC, whatever the time zone of the machine.
    forceUtcTimezone: true,
    allowGlobalContext: false,
    pool: { min: 0, max: 10 },
    driverOptions: { statement_timeout: STATEMENT_TIMEOUT_MS, connectionTimeoutMillis: CONNECTION_TIMEOUT_MS, application_name: 'auscult' },
    // Statements and their values must never reach a log.
    debug: false,
    logger: () => undefined,
  });
}
