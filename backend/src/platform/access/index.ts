export { type AuthenticatedUser, AccessTokenVerifier } from './access-token-verifier.js';
export { CurrentUser, Public, RequirePermission } from './access.decorators.js';
export { AccessGuard } from './access.guard.js';
