import { LIVE_FRAME_MS } from '@auscult/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultTrial, MIDDLE } from '../../../../test/live/fault-trial.js';
import { toneSound } from '../../../../test/live/live-sound.js';
import { PushedSession } from '../../../../test/live/pushed-session.js';
import { type Direction, SilentProxy } from '../../../../test/live/silent-proxy.js';
import { LiveAudioStream } from './live-audio-stream.js';

/**
 * Real time, as long as it lasts: pings (10 s, 8 s), unanswered sound (8 s), unanswered handshakes (20 s) and the pauses between them all
 * pass in it more than once, and none of them is set otherwise than in production. The cases share the minute.
 */
const CUT_FRAMES = 60_000 / LIVE_FRAME_MS;

/** 86 s. */
const sound = toneSound(32, 2);
const cuts: Record<string, readonly Direction[]> = { 'in both directions': ['up', 'down'], 'on its way to the api': ['up'], 'on its way from the api': ['down'] };

let trial: FaultTrial;
const sessions = new Map<string, Promise<CutSession>>();

/** A session whose network is cut for a minute in the middle of a word while the clinician speaks on. */
class CutSession {
  receivedInTheCut = 0;

  private constructor(
    readonly proxy: SilentProxy,
    readonly session: PushedSession,
  ) {}

  static async run(directions: readonly Direction[]): Promise<CutSession> {
    const { owner } = trial.stack;
    const proxy = await SilentProxy.to(trial.stack.stack.url);
    const cut = new CutSession(proxy, new PushedSession(owner, proxy.url, sound));
    await cut.disturb(directions);
    return cut;
  }

  private async disturb(directions: readonly Direction[]): Promise<void> {
    const { proxy, session } = this;
    session.push(MIDDLE);
    await session.until(({ received }) => received === MIDDLE);
    await trial.stack.written(session.recordingId, 3);
    proxy.cut(directions);
    await session.speak(MIDDLE + CUT_FRAMES);
    this.receivedInTheCut = (await trial.stack.stack.get(LiveAudioStream).state(session.recordingId))?.received ?? 0;
    proxy.mend();
    session.push(sound.frames);
    await session.finish();
  }

  close(): void {
    this.session.close();
    this.proxy.close();
  }
}

beforeAll(async () => {
  trial = await FaultTrial.start(sound);
  expect(trial.undisturbed).toHaveLength(2 * 32);
  await trial.stack.startWorker();
  for (const [name, directions] of Object.entries(cuts)) {
    const session = CutSession.run(directions);
    session.catch(() => undefined); // its own case tells
    sessions.set(name, session);
  }
});
afterAll(async () => {
  for (const session of await Promise.allSettled(sessions.values())) if (session.status === 'fulfilled') session.value.close();
  await trial.close();
});

describe('a live session comes out whole when everything is lost for 60 s without a word', () => {
  it.each(Object.keys(cuts))('%s', async (name) => {
    const { session, proxy, receivedInTheCut } = (await sessions.get(name)) as CutSession;
    await trial.expectCompleted(session.recordingId);
    for (const direction of cuts[name] ?? []) expect(proxy.swallowed[direction]).toBeGreaterThan(0);
    // What the clinician is told meanwhile.
    expect(session.states.some(({ phase, kept }) => phase === 'offline' && kept > CUT_FRAMES / 2)).toBe(true);
    if (cuts[name]?.includes('up')) expect(receivedInTheCut).toBe(MIDDLE);
  });
});
