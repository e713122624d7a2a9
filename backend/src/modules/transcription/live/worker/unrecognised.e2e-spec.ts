import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultTrial, liveMetric } from '../../../../../test/live/fault-trial.js';
import { toneSound } from '../../../../../test/live/live-sound.js';
import type { Said } from '../../../../../test/live/live-stack.js';
import { Watcher } from '../../../../../test/transcription/watcher.js';
import { MAX_FRUITLESS_ATTEMPTS } from '../../run-hold.js';

const TONES = 10;
/** The first tone of the third pair is one that the fake recogniser fails at. */
const BAD_TONE = 4;
const BAD_HERTZ = 5500;
const badSound = toneSound(TONES, 1, (tone) => (tone === BAD_TONE ? BAD_HERTZ : 200 + 60 * tone));
const isOfBadPair = ({ startMs, endMs }: Said) => startMs >= 5400 * 2 && endMs <= 5400 * 3;

let trial: FaultTrial;

beforeAll(async () => {
  trial = await FaultTrial.start(toneSound(TONES));
  expect(trial.undisturbed).toHaveLength(TONES);
});
afterAll(() => trial.close());

describe('sound that the recogniser fails at, however often it is asked', () => {
  it('is stored without words after some attempts; the session goes on, and its owner and the operator are told', async () => {
    const { stack, undisturbed } = trial;
    const worker = await stack.startWorker();
    const watcher = await Watcher.connect(stack.owner);
    const sender = await stack.open(badSound);
    await sender.send();
    await watcher.event('recording:changed', ({ recording: { status, notices } }) => status === 'live' && notices.includes('words-missing'), 150_000);
    watcher.close();
    expect(await stack.complete(sender)).toMatchObject({ status: 'completed', notices: ['words-missing'], durationMs: badSound.frames * 100 });
    expect(await stack.differences(sender.recordingId, badSound)).toEqual([]);
    const said = await stack.said(sender.recordingId);
    const isElsewhere = (one: Said) => !isOfBadPair(one);
    expect(said.filter(isElsewhere)).toEqual(undisturbed.filter(isElsewhere));
    // The other tone of its pair is heard.
    expect(said.filter(isOfBadPair)).toEqual([expect.objectContaining({ startMs: undisturbed[BAD_TONE + 1]?.startMs })]);
    expect(await liveMetric(worker, 'failures_total')).toBeGreaterThanOrEqual(MAX_FRUITLESS_ATTEMPTS);
    expect(await liveMetric(worker, 'unheard_seconds_total')).toBeCloseTo(1, 0);
  });
});
