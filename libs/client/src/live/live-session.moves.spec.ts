import type { LiveCommand } from './live-commands.js';
import { FakeLiveServer } from './testing/fake-live-server.js';
import { Disk, MortalPage } from './testing/mortal-page.js';
import { SessionHarness, bytesOf, closeSessions, soundOf } from './testing/session-harness.js';

const FRAME = 1600;
const MINUTE = 600;
const SENT = 10;
const KEPT = 700;
const [own, kept, elsewhere] = [soundOf(SENT * FRAME), soundOf(KEPT * FRAME, 777), soundOf(20 * FRAME, 5_555)];
const recordingId = crypto.randomUUID();
const sender = crypto.randomUUID();

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

afterEach(closeSessions);

/** Another device takes the session and records so many frames. */
function recordElsewhere(server: FakeLiveServer, frames: number): void {
  const { writer } = server.handle('live:open', { protocol: 1, recordingId, channelCount: 1, source: 'room', sender: crypto.randomUUID() });
  for (let at = 0; at < frames; at += 5) {
    server.handle('live:audio', { recordingId, writer, first: server.received, audio: bytesOf(elsewhere.subarray(at * FRAME, (at + 5) * FRAME)) });
  }
}

/** This device has sent ten frames and kept 700 more, and 20 of another device are between them now. */
async function scene(commands: readonly LiveCommand[]): Promise<{ server: FakeLiveServer; disk: Disk }> {
  const server = new FakeLiveServer();
  const { writer } = server.handle('live:open', { protocol: 1, recordingId, channelCount: 1, source: 'room', sender });
  for (let first = 0; first < SENT; first += 5) server.handle('live:audio', { recordingId, writer, first, audio: bytesOf(own.subarray(first * FRAME, (first + 5) * FRAME)) });
  recordElsewhere(server, 20);
  const disk = new Disk();
  await disk.spool.append(0, bytesOf(own));
  await disk.spool.append(SENT, bytesOf(kept));
  await disk.commands.save(commands);
  return { server, disk };
}

/** One page load that goes on with the session and finishes it, unless it shall not; false where it died before. */
async function live(server: FakeLiveServer, disk: Disk, writes: number, finishes = true): Promise<boolean> {
  const page = new MortalPage(disk, writes);
  const { session, network } = new SessionHarness({ recordingId, sender, spool: page.spool, commands: page.commands }, server);
  if (finishes) session.finish().catch(() => undefined);
  for (let ticks = 0; session.state.phase !== 'finished' && !page.isDead; ticks += 1) {
    server.store(server.received);
    if (ticks > 5_000) throw new Error(`It does not come to an end: ${JSON.stringify(session.state)}`);
    await tick();
  }
  network.cut();
  await network.quiet();
  return !page.isDead;
}

const mark: LiveCommand = { kind: 'mark', mark: { markerId: 'a', kind: 'marker', atMs: (SENT + 660) * 100 } };
const forget = (until: number): LiveCommand => ({ kind: 'forget', forget: { markerId: 'b', minutes: 1, until } });

/** What the server has in the end with so many frames of another device: everything but what was put off the record, the last minute before the kept frame `until`. */
function expectWhole(server: FakeLiveServer, frames: number, until: number): void {
  const begin = SENT + frames;
  const between = Array.from({ length: frames / 20 }, () => bytesOf(elsewhere));
  const whole = Buffer.concat([bytesOf(own), ...between, bytesOf(kept)]);
  whole.fill(0, Math.max(0, begin + until - MINUTE) * FRAME * 2, (begin + until) * FRAME * 2);
  // On the other side of the gap as well, where it reaches over it.
  if (until < MINUTE) whole.fill(0, 0, SENT * FRAME * 2);
  expect(server.end).toBe(begin + KEPT);
  expect(Buffer.compare(server.audio, whole)).toBe(0);
  expect([...server.marks.values()].map(({ atMs }) => atMs)).toEqual([(begin + 660) * 100]);
}

/** Off the record before the gap too, and behind it alone. */
describe.each([300, 650])('a page that dies while what it kept moves behind the sound of another device, with the last minute before its frame %i off the record', (until) => {
  it('leaves commands and frames that the next page makes one of, whichever write was its last', async () => {
    let done = false;
    for (let writes = 0; !done; writes += 1) {
      const { server, disk } = await scene([forget(SENT + until), mark]);
      done = await live(server, disk, writes);
      if (!done) expect({ writes, done: await live(server, disk, Number.POSITIVE_INFINITY) }).toEqual({ writes, done: true });
      expectWhole(server, 20, until);
    }
  }, 30_000);

  it('and also where the other device goes on meanwhile, and the next page dies too', async () => {
    for (let writes = 0; writes < 5; writes += 1) {
      for (let next = 0; next < 5; next += 1) {
        const { server, disk } = await scene([forget(SENT + until), mark]);
        await live(server, disk, writes);
        // Of what it has sent already nothing moves any more.
        const goesOn = server.received === SENT + 20 && server.forgets.size === 0;
        if (goesOn) recordElsewhere(server, 20);
        await live(server, disk, next);
        await live(server, disk, Number.POSITIVE_INFINITY);
        expectWhole(server, goesOn ? 40 : 20, until);
      }
    }
  }, 30_000);
});

it('goes on with what was saved by a page that knew of no moves', async () => {
  const { server, disk } = await scene([forget(SENT + 650), mark]);
  const { load, save } = new MortalPage(disk, Number.POSITIVE_INFINITY).commands;
  const { session } = new SessionHarness({ recordingId, sender, spool: disk.spool, commands: { load, save } }, server);
  await session.finish();
  expectWhole(server, 20, 650);
});

it('moves what is said before the store has answered together with the frames that move late', async () => {
  const { server, disk } = await scene([mark]);
  // The page died when the commands had moved and the frames had not.
  for (let writes = 1; (await disk.commands.moves()).length === 0; writes += 1) await live(server, disk, writes, false);
  expect([disk.spool.first, disk.spool.next]).toEqual([0, SENT + KEPT]);
  const { session } = new SessionHarness({ recordingId, sender, spool: disk.spool, commands: disk.commands }, server);
  session.push(soundOf(3 * FRAME, 999));
  session.mark();
  session.forget(1);
  await session.finish();
  const end = SENT + 20 + KEPT + 3;
  expect([...server.marks.values()].map(({ atMs }) => atMs)).toEqual([(SENT + 20 + 660) * 100, end * 100]);
  expect([...server.forgets.values()].map(({ until }) => until)).toEqual([end]);
  expect(server.end).toBe(end);
});
