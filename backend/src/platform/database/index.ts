export { DatabaseModule } from './database.module.js';
export { DatabaseWork } from './database-work.service.js';
export { type Entities, databaseOptions } from './database-options.js';
export { migrate } from './migrate.js';
