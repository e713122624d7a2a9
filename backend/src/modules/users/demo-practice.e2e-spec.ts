import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TestStack } from '../../../test/index.js';
import { type DemoAccount, User } from './index.js';

const MAIN = fileURLToPath(new URL('../../../dist/main.seed.js', import.meta.url));

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.close());

function seed(env: Record<string, string> = {}): DemoAccount[] {
  const run = spawnSync(process.execPath, [MAIN], { env: { ...stack.env, ...env }, encoding: 'utf8', timeout: 20_000 });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  return (JSON.parse(run.stdout) as { accounts: DemoAccount[] }).accounts;
}

describe('the demo practice', () => {
  it('is made once, with passwords of its own, and a given password is set again', async () => {
    const first = seed();
    expect(first.map(({ email, role }) => `${role} ${email}`)).toEqual([
      'admin admin@demo.auscult.local', 'clinician clinician1@demo.auscult.local', 'clinician clinician2@demo.auscult.local',
    ]);
    expect(new Set(first.map((account) => account.password)).size).toBe(3);
    for (const { email, password, role } of first) {
      expect(password?.length).toBeGreaterThanOrEqual(12);
      expect((await stack.people.signIn(email, password ?? '')).session.user).toMatchObject({ role, practiceName: 'Demo practice' });
    }
    expect(seed().map((account) => account.password)).toEqual([null, null, null]);
    const given = seed({ AUSCULT_DEMO_PASSWORD: 'a password for all' });
    for (const { email } of given) expect((await stack.people.signIn(email, 'a password for all')).session.user.email).toBe(email);
    await expect(stack.people.signIn(first[0]?.email ?? '', first[0]?.password ?? '')).rejects.toThrow('401');
    expect(await stack.em.count(User)).toBe(3);
  });
});
