import { type AppConfig, derivedKey } from '../../platform/config/index.js';

export function accessTokenKey(config: AppConfig): Buffer {
  return derivedKey(config.tokenSecret, 'access-token');
}
