import { describe, expect, it } from '@jest/globals';
import { Recording } from './recording.entity.js';
import { MAX_FRUITLESS_ATTEMPTS, RUN_PRESUMED_DEAD_MS } from './run-hold.js';
import { recordingView } from './views.js';

const start = new Date('2026-03-01T10:00:00Z');
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds);
const result = { durationMs: 10_000, notices: [], waveform: { binMs: 10, peaks: [Uint8Array.of(1)] } };
const refused = expect.objectContaining({ code: 'recording-state' });

function completed(next?: 'second-pass'): Recording {
  const one = Recording.startLive({ id: 'r', ownerId: 'o', title: 'T', source: 'room', channelCount: 1 }, start);
  one.completeLive(result, start, next);
  return one;
}

describe('A second hearing', () => {
  it('waits from the end of a live session on where a better model is there, else nobody has asked', () => {
    expect(completed('second-pass').secondPass.state).toBe('queued');
    expect(completed().secondPass.state).toBe('none');
    expect(recordingView(completed()).secondPass).toBeNull();
  });

  it('leaves the recording completed, and tells how far it is', () => {
    const one = completed('second-pass');
    expect(one.secondPass.claim('run-1', start)).toBe('claimed');
    one.secondPass.engine = 'better';
    one.secondPass.beat(3700, after(1000));
    expect(recordingView(one)).toMatchObject({ status: 'completed', progress: 1, secondPass: { state: 'running', progress: 0.37, engine: 'better' } });
    one.heardAgain('better', 12, []);
    expect(recordingView(one)).toMatchObject({ wordCount: 12, secondPass: { state: 'done', progress: 1, engine: 'better' } });
    expect(one.secondPass.runId).toBeNull();
  });

  it('is for live sessions that are over', () => {
    const upload = Recording.submit({ id: 'r', ownerId: 'o', title: 'T', mediaType: 'audio/wav', sizeBytes: 1 }, start);
    upload.claim('run', start);
    upload.complete(result, start);
    expect(upload.canBeHeardAgain).toBe(false);
    expect(Recording.startLive({ id: 'r', ownerId: 'o', title: 'T', source: 'room', channelCount: 1 }, start).canBeHeardAgain).toBe(false);
    expect(completed().canBeHeardAgain).toBe(true);
  });

  it('is asked for again once it has ended only', () => {
    const { secondPass } = completed('second-pass');
    expect(() => secondPass.ask()).toThrow(refused);
    secondPass.claim('run-1', start);
    expect(() => secondPass.ask()).toThrow(refused);
    secondPass.fail();
    secondPass.ask();
    expect(secondPass).toMatchObject({ state: 'queued', attempts: 0, reachedMs: 0, runId: null });
  });

  it('belongs to one run, until that is silent', () => {
    const { secondPass } = completed('second-pass');
    secondPass.claim('run-1', start);
    secondPass.beat(5000, start);
    expect(secondPass.claim('run-2', after(RUN_PRESUMED_DEAD_MS))).toBe('taken');
    expect(secondPass.claim('run-2', after(RUN_PRESUMED_DEAD_MS + 1))).toBe('claimed');
    expect(secondPass).toMatchObject({ runId: 'run-2', reachedMs: 0, attempts: 2 });
    secondPass.finish();
    expect(secondPass.claim('run-3', after(1e9))).toBe('taken');
  });

  it('is given up after too many runs that came to nothing, but not for orderly stops', () => {
    const { secondPass } = completed('second-pass');
    for (let stop = 0; stop < 3 * MAX_FRUITLESS_ATTEMPTS; stop += 1) {
      expect(secondPass.claim('run', start)).toBe('claimed');
      secondPass.release('shutdown');
    }
    for (let fault = 1; fault <= MAX_FRUITLESS_ATTEMPTS; fault += 1) {
      expect(secondPass.claim('run', start)).toBe('claimed');
      secondPass.release('fault');
      expect(secondPass.state).toBe(fault < MAX_FRUITLESS_ATTEMPTS ? 'queued' : 'failed');
    }
    secondPass.ask();
    for (let death = 0; death < MAX_FRUITLESS_ATTEMPTS; death += 1) secondPass.claim('run', after(death * 2 * RUN_PRESUMED_DEAD_MS));
    expect(secondPass.claim('last', after(1e9))).toBe('given-up');
    expect(secondPass).toMatchObject({ state: 'failed', runId: null });
  });

  it('fails when the queue gives it up after faults, not while it waits or is held', () => {
    const { secondPass } = completed('second-pass');
    expect(secondPass.abandon(start)).toBe(false);
    secondPass.claim('run', start);
    expect(secondPass.abandon(start)).toBe(false);
    secondPass.release('fault');
    expect(secondPass.abandon(start)).toBe(true);
    expect(secondPass.state).toBe('failed');
  });
});
