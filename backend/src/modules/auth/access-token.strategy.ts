import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { ACCESS_TOKEN_STRATEGY, type AuthenticatedUser } from '../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { AccessTokens } from './access-tokens.service.js';
import { accessTokenKey } from './token-keys.js';

/** Takes the bearer token of a request through passport. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly tokens: AccessTokens,
  ) {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: accessTokenKey(config), algorithms: ['HS256'] });
  }

  async validate(claims: object): Promise<AuthenticatedUser> {
    const { expiresAt: _expiresAt, ...user } = await this.tokens.confirm(claims);
    return user;
  }
}
