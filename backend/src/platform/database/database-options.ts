import { type AnyEntity, type EntityClass } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { PostgreSqlDriver, defineConfig } from '@mikro-orm/postgresql';

export type Entities = EntityClass<AnyEntity>[];

/** A statement that runs longer than this is broken or abused; jobs work in many short ones. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** Whoever gets no connection for so long is told so: what waits for ever, itself holding one, would keep all others waiting too. */
const CONNECTION_TIMEOUT_MS = 30_000;
/** A process that stands still in the middle of a transaction holds its rows for so long at most. */
const IDLE_TRANSACTION_MS = 60_000;
/** A line that is down without a word is noticed by the system, which first asks after so long. */
const KEEP_ALIVE_MS = 5_000;

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
    driverOptions: {
      statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS, connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS, application_name: 'auscult',
    },
    // Statements and their values must never reach a log.
    debug: false,
    logger: () => undefined,
  });
}
