import { describe, expect, it } from '@jest/globals';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { z } from 'zod';
import { safeError } from './safe-error.js';

const SPOKEN = 'I feel anxious since March';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('what is logged of an error', () => {
  it('names the type, the message and the place of our own errors', () => {
    const safe = safeError(new TypeError('Cannot read properties of undefined'));
    expect(safe).toMatchObject({ type: 'TypeError', message: 'Cannot read properties of undefined' });
    expect(safe.at?.[0]).toContain('safe-error.spec');
  });

  it('keeps the code of a system error', () => {
    expect(safeError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })).code).toBe('ECONNREFUSED');
  });

  it.each([
    ['JSON that is broken', () => thrownBy(() => JSON.parse(`{"text": ${SPOKEN}`) as unknown)],
    ['a contract that is not kept', () => thrownBy(() => z.enum(['a']).parse(SPOKEN))],
    ['a statement with its values', () => new UniqueConstraintViolationException(new Error(`insert into segment values ('${SPOKEN}')`))],
    ['a database error', () => Object.assign(new Error(`Key (title)=(${SPOKEN})`), { severity: 'ERROR', code: '23505', detail: SPOKEN })],
  ])('repeats nothing of %s', (_what, make) => {
    expect(JSON.stringify(safeError(make()))).not.toContain('anxious');
  });

  it('does not repeat a message of several lines in place of the stack', () => {
    const error = new SyntaxError(`Unexpected\n    at ${SPOKEN}`);
    expect(JSON.stringify(safeError(error))).not.toContain('anxious');
  });

  it('repeats nothing of what is no error at all', () => {
    expect(safeError(SPOKEN)).toEqual({ type: 'string' });
  });
});
