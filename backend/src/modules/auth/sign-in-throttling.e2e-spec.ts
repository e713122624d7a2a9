import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '@auscult/contracts';
import { OwnRedis, TEST_PASSWORD, TestStack } from '../../../test/index.js';

const LIMITS = { AUSCULT_SIGN_IN_ATTEMPTS: '3', AUSCULT_SIGN_IN_ATTEMPTS_PER_ADDRESS: '20', AUSCULT_TRUSTED_PROXIES: 'loopback' };

let redis: OwnRedis;
let stack: TestStack;
beforeAll(async () => {
  redis = await OwnRedis.start();
  stack = await TestStack.start({ env: LIMITS, redisUrl: redis.url });
});
afterAll(async () => {
  await stack.close();
  await redis.kill();
});

function attempt(email: unknown, address: string, password = 'a wrong password'): Promise<Response> {
  return fetch(`${stack.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
    body: JSON.stringify({ email, password }),
  });
}

async function statuses(count: number, one: (index: number) => Promise<Response>): Promise<number[]> {
  const answers: number[] = [];
  for (let index = 0; index < count; index += 1) answers.push((await one(index)).status);
  return answers;
}

describe('guessing a password', () => {
  it('stops after the limit for one person from one address, says when to come back, and refuses even the right password', async () => {
    const { email } = await stack.people.add();
    expect(await statuses(3, () => attempt(email, '10.0.0.1'))).toEqual([401, 401, 401]);
    const refused = await attempt(email, '10.0.0.1', TEST_PASSWORD);
    expect(refused.status).toBe(429);
    expect(Problem.parse(await refused.json()).code).toBe('too-many-requests');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(60);
    expect(wait).toBeLessThanOrEqual(15 * 60);
  });

  it('does not lock the person out elsewhere, nor somebody else at the same address', async () => {
    const [ann, ben] = [await stack.people.add(), await stack.people.add()];
    await statuses(4, () => attempt(ann.email, '10.0.0.2'));
    expect((await attempt(ann.email, '10.0.0.3', TEST_PASSWORD)).status).toBe(200);
    expect((await attempt(ben.email, '10.0.0.2', TEST_PASSWORD)).status).toBe(200);
  });

  it('counts an address in other letters as the same', async () => {
    const { email } = await stack.people.add();
    const spellings = [email, email.toUpperCase(), ` ${email} `, email];
    expect(await statuses(4, (index) => attempt(spellings[index], '10.0.0.4'))).toEqual([401, 401, 401, 429]);
  });

  it('stops trying one password on many people', async () => {
    const answers = await statuses(21, (index) => attempt(`person${index}@example.org`, '10.0.0.5'));
    expect(answers.slice(0, 20)).toEqual(Array<number>(20).fill(401));
    expect(answers[20]).toBe(429);
  });

  it('counts attempts whose body is not even valid', async () => {
    expect(await statuses(4, () => attempt({ $ne: null }, '10.0.0.6'))).toEqual([400, 400, 400, 429]);
  });

  it('counts many attempts at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => attempt('same-moment@example.org', '10.0.0.7')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(9);
  });

  it('keeps no email address in Redis', async () => {
    await attempt('readable@example.org', '10.0.0.8');
    const keys = await stack.redis.client.keys('*throttle*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toMatch(/readable|10\.0\.0\.8/);
  });

  it('stays limited while Redis is away, and people can still sign in', async () => {
    const { email } = await stack.people.add();
    await redis.kill();
    try {
      expect((await attempt(email, '10.0.1.1', TEST_PASSWORD)).status).toBe(200);
      expect(await statuses(4, () => attempt('guess@example.org', '10.0.1.2'))).toEqual([401, 401, 401, 429]);
    } finally {
      await redis.start();
    }
  });
});
