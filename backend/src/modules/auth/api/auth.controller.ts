import { Body, Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SessionView, SignInBody, UserView } from '@auscult/contracts';
import type { CookieOptions, Request, Response } from 'express';
import { type AuthenticatedUser, CurrentUser, Public, RequirePermission } from '../../../platform/access/index.js';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { Answers, AnswersProblem, ProblemError } from '../../../platform/http/index.js';
import { UsersService } from '../../users/index.js';
import { AccessTokens } from '../access-tokens.service.js';
import { type OpenSession, Sessions } from '../sessions.service.js';
import { SignInThrottle } from './sign-in-throttle.guard.js';

const REFRESH_COOKIE = 'auscult_refresh';
const DAY_MS = 86_400_000;

/** Signing in, staying in and signing out. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Post('sign-in')
  @Public()
  @UseGuards(SignInThrottle)
  @Answers(200, SessionView, 'Signed in; the refresh token is in the cookie `auscult_refresh`')
  @AnswersProblem('credentials-wrong', 'too-many-requests')
  async signIn(@Body({ schema: SignInBody }) body: SignInBody, @Res({ passthrough: true }) response: Response): Promise<SessionView> {
    const user = await this.users.recognize(body.email, body.password);
    if (!user) throw new ProblemError('credentials-wrong');
    return this.present(await this.sessions.open(user), response);
  }

  @Post('refresh')
  @Public()
  @Answers(200, SessionView, 'A new access token, and a new refresh token in the cookie')
  @AnswersProblem('session-ended')
  async refresh(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SessionView> {
    const token = refreshTokenOf(request);
    if (!token) throw new ProblemError('session-ended');
    try {
      return this.present(await this.sessions.refresh(token), response);
    } catch (error) {
      if (error instanceof ProblemError) this.forget(response);
      throw error;
    }
  }

  @Post('sign-out')
  @Public()
  @Answers(204, undefined, 'The session of the cookie, or else of the bearer token, is over')
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const token = refreshTokenOf(request);
    if (token) await this.sessions.endByToken(token);
    else await this.endBearer(request);
    this.forget(response);
  }

  @Post('sign-out-everywhere')
  @RequirePermission('account:use')
  @Answers(204, undefined, 'Every session of this person is over, also on other devices')
  async signOutEverywhere(@CurrentUser() user: AuthenticatedUser, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.endAll(user.id);
    this.forget(response);
  }

  @Get('me')
  @RequirePermission('account:use')
  @Answers(200, UserView, 'Who is signed in')
  me(@CurrentUser() user: AuthenticatedUser): Promise<UserView> {
    return this.users.view(user.id);
  }

  private present({ session, user, refreshToken }: OpenSession, response: Response): SessionView {
    if (refreshToken) response.cookie(REFRESH_COOKIE, refreshToken, { ...this.cookie(), maxAge: this.config.refreshTokenDays * DAY_MS });
    const { accessToken, expiresAt } = this.tokens.issue(user, session);
    return { accessToken, expiresAt: expiresAt.toISOString(), user: user.toView() };
  }

  /** A client without cookies (a script) signs out with its access token; one that has expired has nothing left to end. */
  private async endBearer(request: Request): Promise<void> {
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) return;
    const user = await this.tokens.verify(token).catch(() => null);
    if (user) await this.sessions.end(user.sessionId);
  }

  private forget(response: Response): void {
    response.clearCookie(REFRESH_COOKIE, this.cookie());
  }

  /** Strict: another site cannot make the browser send it. The path keeps it away from everything that does not need it. */
  private cookie(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', secure: this.config.secureCookies, path: '/api/auth' };
  }
}

function refreshTokenOf(request: Request): string | null {
  const cookies = request.cookies as Record<string, unknown> | undefined;
  const token = cookies?.[REFRESH_COOKIE];
  return typeof token === 'string' && token.length > 0 ? token : null;
}
