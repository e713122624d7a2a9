export { type AuthenticatedUser, AccessTokenVerifier } from './access-token-verifier.js';
export { CurrentUser, PERMISSION, PUBLIC, Public, RequirePermission } from './access.decorators.js';
export { ACCESS_TOKEN_STRATEGY, AccessGuard } from './access.guard.js';
export { AccessModule } from './access.module.js';
