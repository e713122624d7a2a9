import { describe, expect, it } from '@jest/globals';
import { isConnectionError, withPatience } from './connection-patience.js';

const fault = (code: string) => Object.assign(new Error('x'), { code });

describe('isConnectionError', () => {
  it.each(['08006', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'])('knows %s', (code) => {
    expect(isConnectionError(fault(code))).toBe(true);
    expect(isConnectionError(new Error('wrapped', { cause: fault(code) }))).toBe(true);
  });

  it('knows the ones of pg that have no code', () => {
    expect(isConnectionError(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it.each(['23505', '57014', '22021', '40001'])('takes %s for what it is', (code) => {
    expect(isConnectionError(fault(code))).toBe(false);
  });
});

describe('withPatience', () => {
  it('tries again while the database is away', async () => {
    let calls = 0;
    const work = () => ((calls += 1) < 3 ? Promise.reject(fault('ECONNREFUSED')) : Promise.resolve('saved'));
    expect(await withPatience(work, new AbortController().signal)).toBe('saved');
  });

  it('does not repeat what was refused', async () => {
    let calls = 0;
    const work = () => Promise.reject(fault(`2350${(calls += 1)}`));
    await expect(withPatience(work, new AbortController().signal)).rejects.toMatchObject({ code: '23501' });
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const waiting = withPatience(() => Promise.reject(fault('ECONNREFUSED')), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
