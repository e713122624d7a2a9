import { type ExecutionContext, Injectable } from '@nestjs/common';
import { type ThrottlerModuleOptions, ThrottlerGuard } from '@nestjs/throttler';
import { Email } from '@auscult/contracts';
import type { Request, Response } from 'express';
import type { AppConfig } from '../../../platform/config/index.js';
import { ProblemError } from '../../../platform/http/index.js';
import type { RedisConnections } from '../../../platform/redis/index.js';
import { RedisThrottlerStorage } from '../redis-throttler-storage.js';

/**
 * Limits guesses: by email address and network address together, which stops guessing at one person without locking her out
 * from elsewhere; and by network address alone, which stops trying one password on many people.
 */
@Injectable()
export class SignInThrottle extends ThrottlerGuard {
  protected override throwThrottlingException(context: ExecutionContext, detail: { timeToBlockExpire: number }): Promise<void> {
    context.switchToHttp().getResponse<Response>().setHeader('Retry-After', Math.max(1, detail.timeToBlockExpire));
    return Promise.reject(new ProblemError('too-many-requests'));
  }
}

export function throttlerOptions(config: AppConfig, redis: RedisConnections): ThrottlerModuleOptions {
  const { windowMinutes, perAccount, perAddress } = config.signInLimits;
  const ttl = windowMinutes * 60_000;
  return {
    storage: new RedisThrottlerStorage(redis),
    setHeaders: false,
    throttlers: [
      { name: 'account', ttl, limit: perAccount, getTracker: (request) => `${emailOf(request as Request)} ${addressOf(request as Request)}` },
      { name: 'address', ttl, limit: perAddress, getTracker: (request) => addressOf(request as Request) },
    ],
  };
}

/** Guards run before the body is validated; anything may be in it. The key is hashed before it is stored. */
function emailOf(request: Request): string {
  const body: unknown = request.body;
  const given: unknown = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
  const parsed = Email.safeParse(given);
  return parsed.success ? parsed.data : '';
}

function addressOf(request: Request): string {
  return request.ip ?? '';
}
