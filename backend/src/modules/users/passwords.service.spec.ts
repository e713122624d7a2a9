import { describe, expect, it } from '@jest/globals';
import { Passwords } from './passwords.service.js';

const passwords = new Passwords();

describe('a password', () => {
  it('is stored as argon2id with a salt of its own', async () => {
    const [one, other] = [await passwords.hash('the same password'), await passwords.hash('the same password')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
  });

  it('is recognised, and nothing else is', async () => {
    const stored = await passwords.hash('correct horse battery');
    expect(await passwords.matches(stored, 'correct horse battery')).toBe(true);
    expect(await passwords.matches(stored, 'correct horse batterY')).toBe(false);
    expect(await passwords.matches(null, 'nobody has this password')).toBe(false);
  });

  it('takes as long to refuse where there is no such person', async () => {
    const stored = await passwords.hash('correct horse battery');
    await passwords.onModuleInit();
    const median = async (hash: string | null): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        const start = performance.now();
        await passwords.matches(hash, 'wrong');
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    // Without the decoy it takes some thousandths of that.
    expect(await median(null)).toBeGreaterThan((await median(stored)) / 3);
  });
});
