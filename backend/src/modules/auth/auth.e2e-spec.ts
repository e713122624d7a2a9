import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import { Problem, SessionView } from '@auscult/contracts';
import { type SignedIn, TEST_PASSWORD, TestStack } from '../../../test/index.js';
import { accessTokenKey } from './token-keys.js';
import { RefreshToken } from './refresh-token.entity.js';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.close());

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return Problem.parse(await response.json());
}

function post(path: string, cookie?: string): Promise<Response> {
  return fetch(`${stack.url}/api/auth/${path}`, { method: 'POST', headers: cookie ? { Cookie: cookie } : {} });
}

function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Makes every use of a refresh token so far too old to be two tabs racing. */
async function ageTokens(): Promise<void> {
  await stack.em.nativeUpdate(RefreshToken, { usedAt: { $ne: null } }, { usedAt: new Date(Date.now() - 60_000) });
}

describe('signing in', () => {
  it('answers a session, and the refresh token only in a cookie that scripts and other sites cannot use', async () => {
    const person = await stack.people.add({ displayName: 'Dr. Ada' });
    const signedIn = await stack.people.signIn(person.email);
    expect(signedIn.session.user).toMatchObject({ id: person.id, displayName: 'Dr. Ada', role: 'clinician', email: person.email });
    expect(signedIn.setCookie).toMatch(/^auscult_refresh=[\w-]{43};/);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/api/auth']) expect(signedIn.setCookie).toContain(part);
    const me = await signedIn.fetch('/api/auth/me');
    expect(await me.json()).toEqual(signedIn.session.user);
  });

  it('folds the email address', async () => {
    const { email } = await stack.people.add();
    expect((await stack.people.signIn(`  ${email.toUpperCase()} `)).session.user.email).toBe(email);
  });

  it('says the same of a wrong password and of an unknown address', async () => {
    const { email } = await stack.people.add();
    const wrong = stack.people.signIn(email, 'not the password');
    const unknown = stack.people.signIn('nobody@example.org');
    await expect(wrong).rejects.toThrow('401');
    await expect(unknown).rejects.toThrow('401');
  });

  it('never shows a password hash', async () => {
    const { email } = await stack.people.add();
    const signedIn = await stack.people.signIn(email);
    expect(JSON.stringify(signedIn.session)).not.toMatch(/argon2|hash/i);
  });
});

describe('an access token', () => {
  const sign = (claims: object, key: Buffer = accessTokenKey(stack.config)): string => new JwtService({ secret: key }).sign(claims);
  const claimsOf = (who: SignedIn): Record<string, unknown> => new JwtService().decode(who.token);

  it('is wanted', async () => {
    const response = await fetch(`${stack.url}/api/auth/me`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await problemOf(response)).code).toBe('sign-in-required');
  });

  it('is refused when it has expired, is signed by another key, by no key, or for something else', async () => {
    const who = await stack.people.signedIn();
    const { exp: _exp, ...claims } = claimsOf(who);
    const now = Math.floor(Date.now() / 1000);
    const [header, body] = who.token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
    const bad = [
      sign({ ...claims, exp: now - 1 }),
      sign({ ...claims, exp: now + 60 }, Buffer.alloc(32, 1)),
      sign({ ...claims, exp: now + 60 }, Buffer.from(stack.config.tokenSecret)),
      sign({ exp: now + 60 }),
      unsigned,
      `${header}.${Buffer.from(JSON.stringify({ ...claims, role: 'admin', exp: now + 60 })).toString('base64url')}.${who.token.split('.')[2]}`,
      'nonsense',
    ];
    for (const token of bad) {
      const response = await fetch(`${stack.url}/api/auth/me`, { headers: { Authorization: `Bearer ${token}` } });
      expect((await problemOf(response)).code).toBe('sign-in-required');
    }
    expect((await who.fetch('/api/auth/me')).status).toBe(200);
  });

  it('gives the role of now, whatever it says', async () => {
    const who = await stack.people.signedIn({ role: 'clinician' });
    const forged = sign({ ...claimsOf(who), role: 'admin' });
    const response = await fetch(`${stack.url}/api/users`, { headers: { Authorization: `Bearer ${forged}` } });
    expect(response.status).toBe(403);
  });

  it('ends with its session', async () => {
    const who = await stack.people.signedIn();
    expect((await post('sign-out', who.cookie)).status).toBe(204);
    const response = await who.fetch('/api/auth/me');
    expect(response.status).toBe(401);
    expect((await problemOf(response)).code).toBe('session-ended');
  });
});

describe('refreshing', () => {
  it('gives a new access token and a new cookie', async () => {
    const who = await stack.people.signedIn();
    const response = await post('refresh', who.cookie);
    expect(response.status).toBe(200);
    const session = SessionView.parse(await response.json());
    expect(session.user.id).toBe(who.id);
    expect(cookieOf(response)).toMatch(/^auscult_refresh=/);
    expect(cookieOf(response)).not.toBe(who.cookie);
    expect((await post('refresh', cookieOf(response))).status).toBe(200);
  });

  it('ends the whole session when a used token comes back', async () => {
    const who = await stack.people.signedIn();
    const next = await post('refresh', who.cookie);
    await ageTokens();
    const stolen = await post('refresh', who.cookie);
    expect((await problemOf(stolen)).code).toBe('session-ended');
    const honest = await post('refresh', cookieOf(next));
    expect((await problemOf(honest)).code).toBe('session-ended');
    expect((await who.fetch('/api/auth/me')).status).toBe(401);
  });

  it('leaves other sessions of the same person alone when one was stolen', async () => {
    const person = await stack.people.add();
    const [laptop, phone] = [await stack.people.signIn(person.email), await stack.people.signIn(person.email)];
    await post('refresh', laptop.cookie);
    await ageTokens();
    await post('refresh', laptop.cookie);
    expect((await phone.fetch('/api/auth/me')).status).toBe(200);
    expect((await laptop.fetch('/api/auth/me')).status).toBe(401);
  });

  it('lets two tabs race: both go on, and only one gets the next refresh token', async () => {
    const who = await stack.people.signedIn();
    const answers = await Promise.all([post('refresh', who.cookie), post('refresh', who.cookie), post('refresh', who.cookie)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const cookies = answers.map(cookieOf).filter(Boolean);
    expect(cookies).toHaveLength(1);
    expect((await post('refresh', cookies[0])).status).toBe(200);
  });

  it('refuses a token that was never given, none, and one of a session that is over, and takes the cookie away', async () => {
    const who = await stack.people.signedIn();
    await post('sign-out', who.cookie);
    for (const cookie of [undefined, 'auscult_refresh=nonsense', who.cookie]) {
      const response = await post('refresh', cookie);
      expect((await problemOf(response)).code).toBe('session-ended');
      if (cookie) expect(response.headers.getSetCookie()[0]).toMatch(/auscult_refresh=;.*1970/);
    }
  });
});

describe('signing out', () => {
  it('works with the bearer token alone, for clients without cookies', async () => {
    const who = await stack.people.signedIn();
    expect((await who.send('POST', '/api/auth/sign-out')).status).toBe(204);
    expect((await who.fetch('/api/auth/me')).status).toBe(401);
  });

  it('says nothing about whether there was a session', async () => {
    expect((await post('sign-out')).status).toBe(204);
    expect((await post('sign-out', 'auscult_refresh=nonsense')).status).toBe(204);
  });

  it('everywhere ends each session and disconnects each socket of this person and of nobody else', async () => {
    const person = await stack.people.add();
    const [here, there] = [await stack.people.signIn(person.email), await stack.people.signIn(person.email, TEST_PASSWORD)];
    const other = await stack.people.signedIn();
    const sockets = [await here.socket(), await there.socket()];
    const otherSocket = await other.socket();
    const gone = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve))));
    expect((await here.send('POST', '/api/auth/sign-out-everywhere')).status).toBe(204);
    expect(await gone).toEqual(['io server disconnect', 'io server disconnect']);
    for (const who of [here, there]) {
      expect((await who.fetch('/api/auth/me')).status).toBe(401);
      expect((await post('refresh', who.cookie)).status).toBe(401);
    }
    expect((await other.fetch('/api/auth/me')).status).toBe(200);
    expect(otherSocket.connected).toBe(true);
    otherSocket.close();
  });
});
