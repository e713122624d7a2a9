import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestStack } from '../../../test/index.js';
import { type DemoAccount, User } from './index.js';

const MAIN = fileURLToPath(new URL('../../../dist/main.seed.js', import.meta.url));

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.close());

/** The api of this very process goes on serving meanwhile, or the connections that it keeps would end unheard. */
async function seed(env: Record<string, string> = {}): Promise<DemoAccount[]> {
  const run = await promisify(execFile)(process.execPath, [MAIN], { env: { ...stack.env, ...env }, timeout: 90_000 });
  expect(run.stderr).toBe('');
  return (JSON.parse(run.stdout) as { accounts: DemoAccount[] }).accounts;
}

describe('the demo practice', () => {
  it('is made once, with passwords of its own, and a given password is set again', async () => {
    const first = await seed();
    expect(first.map(({ email, role }) => `${role} ${email}`)).toEqual([
      'admin admin@demo.auscult.local', 'clinician clinician1@demo.auscult.local', 'clinician clinician2@demo.auscult.local',
    ]);
    expect(new Set(first.map((account) => account.password)).size).toBe(3);
    for (const { email, password, role } of first) {
      expect(password?.length).toBeGreaterThanOrEqual(12);
      expect((await stack.people.signIn(email, password ?? '')).session.user).toMatchObject({ role, practiceName: 'Demo practice' });
    }
    expect((await seed()).map((account) => account.password)).toEqual([null, null, null]);
    const given = await seed({ AUSCULT_DEMO_PASSWORD: 'a password for all' });
    for (const { email } of given) expect((await stack.people.signIn(email, 'a password for all')).session.user.email).toBe(email);
    await expect(stack.people.signIn(first[0]?.email ?? '', first[0]?.password ?? '')).rejects.toThrow('401');
    expect(await stack.em.count(User)).toBe(3);
  });
});
