import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { ThrottlerModule } from '@nestjs/throttler';
import { AccessTokenVerifier } from '../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../platform/config/index.js';
import { RedisConnections } from '../../platform/redis/index.js';
import { UsersModule } from '../users/index.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { AccessTokens } from './access-tokens.service.js';
import { AuthController } from './api/auth.controller.js';
import { throttlerOptions } from './api/sign-in-throttle.guard.js';
import { Sessions } from './sessions.service.js';
import { accessTokenKey } from './token-keys.js';

const jwt = JwtModule.registerAsync({
  inject: [APP_CONFIG],
  useFactory: (config: AppConfig) => ({
    secret: accessTokenKey(config),
    signOptions: { algorithm: 'HS256' },
    verifyOptions: { algorithms: ['HS256'] },
  }),
});

/** Signing in and proving who one is. Runs in the api only. */
@Module({
  imports: [UsersModule, PassportModule, jwt, ThrottlerModule.forRootAsync({ inject: [APP_CONFIG, RedisConnections], useFactory: throttlerOptions })],
  controllers: [AuthController],
  providers: [Sessions, AccessTokens, AccessTokenStrategy, { provide: AccessTokenVerifier, useExisting: AccessTokens }],
  exports: [AccessTokenVerifier],
})
export class AuthModule {}
