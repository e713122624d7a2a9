import { describe, expect, it } from '@jest/globals';
import { Recording } from './recording.entity.js';
import { MAX_FRUITLESS_ATTEMPTS, RUN_PRESUMED_DEAD_MS } from './run-hold.js';

const start = new Date('2026-03-01T10:00:00Z');
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds);

function recording(): Recording {
  return Recording.submit({ id: 'r', ownerId: 'o', title: 'T', mediaType: 'audio/wav', sizeBytes: 1 }, start);
}

function claimed(): Recording {
  const one = recording();
  one.claim('run-1', start);
  return one;
}

const silence = { durationMs: 5000, notices: [], waveform: { binMs: 10, peaks: [Uint8Array.of(1, 2), Uint8Array.of(3, 4)] } };

describe('Recording.claim', () => {
  it('takes a waiting recording and gives it the fencing token', () => {
    const one = recording();
    expect(one.claim('run-1', start)).toBe('claimed');
    expect(one).toMatchObject({ status: 'transcribing', runId: 'run-1', attempts: 1, startedAt: start, heartbeatAt: start });
  });

  it('leaves one alone whose run is alive', () => {
    const one = claimed();
    expect(one.claim('run-2', after(RUN_PRESUMED_DEAD_MS))).toBe('taken');
    expect(one.runId).toBe('run-1');
  });

  it('takes over from a run that is silent', () => {
    const one = claimed();
    expect(one.claim('run-2', after(RUN_PRESUMED_DEAD_MS + 1))).toBe('claimed');
    expect(one).toMatchObject({ runId: 'run-2', attempts: 2, startedAt: start });
  });

  it('takes over from a run whose last sign is of a clock that was far ahead', () => {
    const one = recording();
    one.claim('run-1', after(3_600_000));
    expect(one.claim('run-2', start)).toBe('claimed');
    expect(one.runId).toBe('run-2');
  });

  it('leaves one alone that has ended', () => {
    for (const end of [(one: Recording) => one.complete(silence, start), (one: Recording) => one.fail('not-audio'), (one: Recording) => one.cancel()]) {
      const one = claimed();
      end(one);
      expect(one.claim('run-2', after(1e9))).toBe('taken');
    }
  });

  it('gives up after too many runs that died without saving anything', () => {
    const one = recording();
    let now = 0;
    for (let attempt = 0; attempt < MAX_FRUITLESS_ATTEMPTS; attempt += 1) {
      expect(one.claim(`run-${attempt}`, after((now += RUN_PRESUMED_DEAD_MS + 1)))).toBe('claimed');
    }
    expect(one.claim('last', after(now + RUN_PRESUMED_DEAD_MS + 1))).toBe('given-up');
    expect(one).toMatchObject({ status: 'failed', failureCode: 'worker-crashed', runId: null });
  });

  it('counts anew after each utterance that was saved', () => {
    const one = recording();
    let now = 0;
    for (let attempt = 0; attempt < 3 * MAX_FRUITLESS_ATTEMPTS; attempt += 1) {
      expect(one.claim(`run-${attempt}`, after((now += RUN_PRESUMED_DEAD_MS + 1)))).toBe('claimed');
      one.advance(attempt + 1, attempt * 1000, 3, after(now));
    }
    expect(one).toMatchObject({ attempts: 0, utterancesDone: 12, wordCount: 36, transcribedMs: 11_000 });
  });
});

describe('Recording.release', () => {
  it('puts it back after a shutdown without counting it', () => {
    const one = claimed();
    one.release('shutdown');
    expect(one).toMatchObject({ status: 'queued', runId: null, attempts: 0, heartbeatAt: null });
  });

  it('fails it after too many faults', () => {
    const one = recording();
    for (let attempt = 1; attempt < MAX_FRUITLESS_ATTEMPTS; attempt += 1) {
      one.claim('run', start);
      one.release('fault');
      expect(one.status).toBe('queued');
    }
    one.claim('run', start);
    one.release('fault');
    expect(one).toMatchObject({ status: 'failed', failureCode: 'internal' });
  });
});

describe('Recording.abandon', () => {
  it('fails one that faults made wait', () => {
    const one = claimed();
    one.release('fault');
    expect(one.abandon(start)).toBe(true);
    expect(one.failureCode).toBe('internal');
  });

  it('leaves one alone that never ran, that another run holds, or whose worker has died seldom enough', () => {
    const waiting = recording();
    expect(waiting.abandon(start)).toBe(false);
    const held = claimed();
    expect(held.abandon(start)).toBe(false);
    expect(held.abandon(after(RUN_PRESUMED_DEAD_MS + 1))).toBe(false);
    expect(held.status).toBe('transcribing');
  });

  it('fails one whose workers die again and again', () => {
    const one = claimed();
    one.attempts = MAX_FRUITLESS_ATTEMPTS;
    expect(one.abandon(after(RUN_PRESUMED_DEAD_MS + 1))).toBe(true);
    expect(one.failureCode).toBe('worker-crashed');
  });
});

describe('Recording', () => {
  it('never goes back in time with its progress', () => {
    const one = claimed();
    one.advance(1, 8000, 1, start);
    one.advance(1, 3000, 0, start);
    expect(one.transcribedMs).toBe(8000);
  });

  it('keeps the waveform and what there is to say at the end', () => {
    const one = claimed();
    one.complete({ ...silence, notices: ['no-speech'] }, after(60_000));
    expect(one).toMatchObject({
      status: 'completed', notices: ['no-speech'], durationMs: 5000, transcribedMs: 5000, runId: null, completedAt: after(60_000), waveformBinMs: 10,
    });
    expect(one.waveformPeaks).toEqual(Buffer.from([1, 2, 3, 4]));
  });

  it('can be cancelled while it waits or runs only', () => {
    for (const one of [recording(), claimed()]) {
      one.cancel();
      expect(one).toMatchObject({ status: 'cancelled', runId: null });
      expect(() => one.cancel()).toThrow(expect.objectContaining({ code: 'recording-state' }));
    }
  });

  it('can be retried once it has ended only, and continues after what was saved', () => {
    const one = claimed();
    expect(() => one.retry()).toThrow(expect.objectContaining({ code: 'recording-state' }));
    one.advance(3, 9000, 20, start);
    one.fail('internal');
    one.retry();
    expect(one).toMatchObject({ status: 'queued', failureCode: null, utterancesDone: 3, wordCount: 20, attempts: 0 });
    expect(() => one.retry()).toThrow(expect.objectContaining({ code: 'recording-state' }));
  });
});

describe('A recording that is made live', () => {
  const live = () => Recording.startLive({ id: 'r', ownerId: 'o', title: 'T', source: 'room', channelCount: 1 }, start);

  it('says once that words are missing', () => {
    const one = live();
    expect([one.lackWords(), one.lackWords()]).toEqual([true, false]);
    expect(one.notices).toEqual(['words-missing']);
  });

  it('begins live, without an audio of its own', () => {
    expect(live()).toMatchObject({ status: 'live', liveSource: 'room', liveFrames: null, channelCount: 1, sizeBytes: 0, startedAt: start });
  });

  it('ends where it was said first', () => {
    const one = live();
    one.finishLive(50);
    one.finishLive(60);
    expect(one).toMatchObject({ status: 'live', liveFrames: 50 });
    one.completeLive(silence, after(1));
    expect(one).toMatchObject({ status: 'completed', durationMs: 5000, transcribedMs: 5000, completedAt: after(1) });
    one.finishLive(60);
    expect(one.liveFrames).toBe(50);
    expect(() => one.completeLive(silence, after(2))).toThrow('not live');
  });

  it('cannot be claimed by a run, cancelled or retried', () => {
    const one = live();
    expect(one.claim('run-1', after(60_000))).toBe('taken');
    for (const attempt of [() => one.cancel(), () => one.retry()]) expect(attempt).toThrow(expect.objectContaining({ code: 'recording-state' }));
    expect(one.status).toBe('live');
  });
});
