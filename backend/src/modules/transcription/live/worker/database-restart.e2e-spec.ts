import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OwnPostgres, type WorkerProcess, eventually } from '../../../../../test/index.js';
import { FaultTrial, MIDDLE, liveMetric } from '../../../../../test/live/fault-trial.js';
import { framesOf } from '../../../../../test/live/frame-sender.js';
import { toneSound } from '../../../../../test/live/live-sound.js';

const TONES = 14;
/** Ten seconds more than were sent when the database went away. */
const LATER = MIDDLE + framesOf(10);

let postgres: OwnPostgres;
let trial: FaultTrial;

beforeAll(async () => {
  postgres = await OwnPostgres.start();
  trial = await FaultTrial.start(toneSound(TONES, 2), { databaseServer: postgres.url });
  expect(trial.undisturbed).toHaveLength(2 * TONES);
});
afterEach(async () => {
  await postgres.startAgain();
  await trial.stack.clear();
});
afterAll(async () => {
  await trial.close();
  await postgres.remove();
});

/** The process itself has found out that the database is away. */
async function misses(worker: WorkerProcess): Promise<void> {
  await eventually(async () => (await fetch(`${worker.metricsUrl}/health/ready`)).status === 503);
}

/** The worker has read all of this and nothing of it waits for the recogniser any more: what is to be written waits for the database. */
async function hears(worker: WorkerProcess, frames: number): Promise<void> {
  await eventually(async () => (await liveMetric(worker, 'received_audio_seconds_total')) >= frames / 10);
  for (const kind of ['final', 'refinement']) {
    await eventually(async () => (await liveMetric(worker, `decodes_waiting\\{kind="${kind}"\\}`)) === 0);
  }
}

describe('a live session comes out whole when the database server is ended in the middle of a word and started again', () => {
  it.each(['SIGQUIT', 'SIGKILL'] as const)('by %s, while the sender goes on', async (signal) => {
    const worker = await trial.stack.startWorker();
    const sender = await trial.underWay();
    await postgres.end(signal);
    await misses(worker);
    await sender.sendFrom(MIDDLE - 1, 1);
    const { stored } = sender;
    await sender.send(LATER);
    await hears(worker, LATER);
    await sender.sendFrom(LATER - 1, 1);
    expect(sender.stored).toBe(stored);
    await postgres.startAgain();
    await trial.expectWhole(sender);
    expect(worker.child.exitCode).toBeNull();
  });

  it('and its worker dies meanwhile', async () => {
    const worker = await trial.stack.startWorker();
    const sender = await trial.underWay();
    await postgres.end('SIGKILL');
    await sender.send(LATER);
    await hears(worker, LATER);
    await worker.kill();
    await postgres.startAgain();
    await trial.stack.startWorker();
    await trial.expectWhole(sender);
  });

  it('again and again', async () => {
    await trial.stack.startWorker();
    const sender = await trial.underWay();
    for (const seconds of [18, 24, 30]) {
      await postgres.end('SIGQUIT');
      await sender.send(framesOf(seconds));
      await postgres.startAgain();
      await eventually(() => trial.stack.owner.recording(sender.recordingId).then(({ status }) => status === 200));
    }
    await trial.expectWhole(sender);
  });
});
