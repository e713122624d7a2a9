import { LIVE_FRAME_SAMPLES } from '@auscult/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Speaker } from '../../speaker.entity.js';
import type { LiveMetrics } from './live-metrics.service.js';
import type { LiveRunWrites } from './live-run-writes.js';
import { SessionWords, type SessionListener } from './session-words.js';
import { SupersededError } from './superseded-error.js';

describe('SessionWords', () => {
  it.each([
    ['gives up the sound of a stretch that was taken from its run meanwhile', new SupersededError(), ['object-1']],
    ['keeps it where the answer to the commit was lost', new Error('Connection terminated unexpectedly'), []],
  ])('%s', async (_what, failure, expected) => {
    const givenUp: string[] = [];
    const failures: unknown[] = [];
    const words = new SessionWords({
      writes: { settle: () => Promise.reject(failure) } as unknown as LiveRunWrites,
      speakers: [{ id: 'speaker', channel: 0 } as Speaker],
      channelCount: 1,
      sound: {
        store: () => Promise.resolve('object-1'),
        giveUp: (objectId) => {
          givenUp.push(objectId);
          return Promise.resolve();
        },
      },
      metrics: {} as LiveMetrics,
      listener: {} as SessionListener,
      signal: new AbortController().signal,
      onFailure: (reason) => void failures.push(reason),
    });
    words.keep({ first: 0, frames: 1, samples: new Int16Array(LIVE_FRAME_SAMPLES).fill(1000) });
    words.hear({ kind: 'settled', channel: 0, fromSample: 0, untilSample: LIVE_FRAME_SAMPLES, nextIndex: 1, utterances: [] });
    await words.written().catch(() => undefined);
    expect(givenUp).toEqual(expected);
    expect(failures).toEqual([failure]);
  });
});
