import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

const rate = { perSecond: 10, burst: 5 };

describe('TokenBucket', () => {
  it('allows a burst, then the rate', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(Array.from({ length: 6 }, () => bucket.take(0))).toEqual(['allowed', 'allowed', 'allowed', 'allowed', 'allowed', 'refused']);
    expect(bucket.take(200)).toBe('allowed');
    expect(bucket.take(200)).toBe('refused');
  });

  it('saves no more than a burst', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(Array.from({ length: 6 }, () => bucket.take(3_600_000)).filter((answer) => answer === 'allowed')).toHaveLength(5);
  });

  it('calls deaf who goes on after as many refusals as a burst has', () => {
    const bucket = new TokenBucket(rate, 0);
    const answers = Array.from({ length: 11 }, () => bucket.take(0));
    expect(answers.slice(5, 10)).toEqual(Array.from({ length: 5 }, () => 'refused'));
    expect(answers[10]).toBe('deaf');
  });
});
