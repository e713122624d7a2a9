import type { Fate } from './testing/fake-network.js';
import { MemoryCommandStore, SessionHarness, framesOf, randomNumbers, soundOf } from './testing/session-harness.js';

const troubles: Fate[] = ['slow', 'request-lost', 'answer-lost', 'doubled', 'late', 'cut'];

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One session of random length through a network and a server that fail at random. */
async function play(seed: number): Promise<void> {
  const random = randomNumbers(seed);
  const upTo = (count: number): number => Math.floor(random() * count);
  const channelCount = random() < 0.5 ? 1 : 2;
  const commands = new MemoryCommandStore();
  const test = new SessionHarness({ channelCount, commands });
  const { server, network } = test;
  server.windowFrames = 8 + upTo(60);
  const badness = random() * 0.4;
  network.fate = (event) => {
    const fate = random() < badness ? (troubles[upTo(troubles.length)] ?? 'answered') : 'answered';
    return event === 'live:open' && fate === 'doubled' ? 'answered' : fate;
  };
  const frame = 1600 * channelCount;
  const sound = soundOf(upTo(250_000), seed);

  const mayhem = () => {
    const chance = random();
    if (chance < 0.1) server.loseUnstored();
    else if (chance < 0.6) server.store(server.stored + upTo(40));
    else if (chance < 0.7) server.tell();
    else if (chance < 0.75) network.restart();
    else if (chance < 0.8) server.gather = 1 + upTo(8);
  };
  const ids: string[] = [];
  for (let at = 0; at < sound.length; ) {
    const length = upTo(9_000);
    test.session.push(sound.subarray(at, at + length));
    at = Math.min(sound.length, at + length);
    if (random() < 0.2) ids.push(test.session.mark());
    if (random() < 0.05 && at + frame < sound.length) {
      // What is not a whole frame yet goes with the page.
      const rest = sound.subarray(at, Math.ceil(at / frame) * frame);
      test.session.push(rest);
      at += rest.length;
      const given = test.session.positionMs / 100;
      do await tick();
      while (test.spool.next < given);
      // A late opening of the page that is gone would look like another device.
      void test.session.close();
      await network.quiet();
      test.reload();
    }
    mayhem();
    for (let wait = upTo(6); wait > 0; wait -= 1) await tick();
  }
  const finished = test.session.finish();
  const frames = framesOf(sound, channelCount).length / (3200 * channelCount);
  for (let round = 0; test.session.state.phase !== 'finished'; round += 1) {
    if (round < 200) mayhem();
    else {
      network.fate = () => 'answered';
      server.store(server.received);
    }
    if (round > 20_000) throw new Error(`Seed ${seed} does not come to an end: ${JSON.stringify(test.session.state)} ${JSON.stringify({ frames, received: server.received, stored: server.stored, end: server.end })}`);
    await tick();
  }
  await finished;
  expect({ seed, same: Buffer.compare(server.audio, framesOf(sound, channelCount)) }).toEqual({ seed, same: 0 });
  expect(test.session.state).toMatchObject({ received: frames, stored: frames, kept: 0, unsent: 0 });
  expect([...server.marks.keys()]).toEqual(ids);
  expect(test.spool.size).toBe(0);
  void test.session.close();
}

it.each(Array.from({ length: 12 }, (_, batch) => batch))('gives the server exactly the pushed samples, whatever happens (%i)', async (batch) => {
  for (let seed = batch * 5 + 1; seed <= batch * 5 + 5; seed += 1) await play(seed);
}, 30_000);
