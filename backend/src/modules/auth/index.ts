export { AuthModule } from './auth.module.js';
export { RefreshToken } from './refresh-token.entity.js';
export { UserSession } from './user-session.entity.js';
