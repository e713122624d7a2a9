import { loadDatabaseUrl } from './platform/config/index.js';
import { migrate } from './platform/database/index.js';
import { runOnce } from './platform/lifecycle/index.js';

/** Brings the database to the newest schema, prints one JSON line and ends. Run before the api and the worker. */
await runOnce(async () => ({ migrated: await migrate(loadDatabaseUrl(process.env)) }));
