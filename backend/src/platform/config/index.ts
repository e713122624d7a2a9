export { APP_CONFIG, type AppConfig, type ProcessRole, type SignInLimits } from './app-config.js';
export { ConfigModule } from './config.module.js';
export { derivedKey } from './derived-key.js';
export { ConfigError, loadConfig, loadDatabaseUrl } from './load-config.js';
