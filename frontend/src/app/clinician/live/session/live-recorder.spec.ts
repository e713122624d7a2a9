import { TestBed } from '@angular/core/testing';
import { Session } from '../../../core/session';
import { TabLocks } from '../../uploads/tab-locks';
import { SoundSources, SourceError } from '../capture/sound-sources';
import { IndexedDbFrameSpool } from '../spool/indexed-db-frame-spool';
import { SessionShelf, type KeptSession } from '../spool/session-shelf';
import { FakeCapture, aStream } from '../testing/fake-capture';
import { FakeSender } from '../testing/fake-sender';
import { LIVE_SENDER } from './live-senders';
import { LiveRecorder } from './live-recorder';
import { SoundLevels } from './sound-levels';

const kept: KeptSession = { id: 'kept', userId: 'clinician', source: 'room', channelCount: 1, startedAt: 0, finishing: false, sender: 'this-device', known: false };

describe('LiveRecorder', () => {
  let shelf: Map<string, KeptSession>;
  let locked: Set<string>;
  let released: string[];
  let capture: () => FakeCapture;
  let sources: { microphone: jest.Mock; call: jest.Mock; thereOrNull: jest.Mock };
  let recorder: LiveRecorder;

  beforeEach(() => {
    [shelf, locked, released] = [new Map(), new Set(), []];
    FakeSender.made = [];
    capture = FakeCapture.install();
    sources = { microphone: jest.fn(() => Promise.resolve(aStream())), call: jest.fn(() => Promise.resolve(aStream())), thereOrNull: jest.fn((id: string | null) => id) };
    const take = (name: string) => Promise.resolve(locked.has(name) ? null : () => released.push(name));
    TestBed.configureTestingModule({
      providers: [
        LiveRecorder,
        SoundLevels,
        { provide: SoundSources, useValue: sources },
        { provide: LIVE_SENDER, useValue: (options: ConstructorParameters<typeof FakeSender>[0]) => new FakeSender(options) },
        { provide: TabLocks, useValue: { take } },
        { provide: Session, useValue: { user: () => ({ id: 'clinician' }) } },
        {
          provide: SessionShelf,
          useValue: {
            of: () => Promise.resolve([...shelf.values()]),
            put: (session: KeptSession) => Promise.resolve(shelf.set(session.id, session)),
            remove: (id: string) => Promise.resolve(shelf.delete(id)),
            spool: ({ id }: KeptSession) => IndexedDbFrameSpool.open(null, id, 1),
            commands: () => Promise.resolve(undefined),
          },
        },
      ],
    });
    recorder = TestBed.inject(LiveRecorder);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.restoreAllMocks();
  });

  const room = () => recorder.begin({ source: 'room', deviceId: null });
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

  it('puts a session on the shelf before it records, and sends what it hears', async () => {
    await room();
    expect(recorder.stage()).toBe('on-air');
    expect([...shelf.values()]).toMatchObject([{ userId: 'clinician', source: 'room', channelCount: 1, finishing: false }]);
    expect(capture().done).toEqual(['connect 0', 'go']);
    capture().listener.audio(new Int16Array(1600));
    expect(FakeSender.last.asked).toEqual(['push 1600']);
    expect(recorder.elapsedMs()).toBe(100);
  });

  it('asks for the call before the microphone: sharing needs the press of the button', async () => {
    const order: string[] = [];
    sources.call.mockImplementation(() => (order.push('call'), Promise.resolve(aStream())));
    sources.microphone.mockImplementation((_device: string, besideCall: boolean) => (order.push(`microphone ${besideCall}`), Promise.resolve(aStream())));
    await recorder.begin({ source: 'telehealth', deviceId: 'desk' });
    expect(order).toEqual(['call', 'microphone true']);
    expect(capture().done).toEqual(['connect 0', 'connect 1', 'go']);
    expect(recorder.session()?.channelCount).toBe(2);
  });

  it('says why it could not begin, and lets go of what it had', async () => {
    const call = aStream();
    sources.call.mockResolvedValue(call);
    sources.microphone.mockRejectedValue(new SourceError('denied'));
    expect(await recorder.begin({ source: 'telehealth', deviceId: null })).toBe(false);
    expect(recorder.trouble()).toEqual({ cause: 'denied', sharing: false });
    expect(call.stopped()).toBe(true);
    expect(recorder.stage()).toBe('idle');
    expect(shelf.size).toBe(0);

    sources.call.mockRejectedValue(new SourceError('no-shared-sound'));
    await recorder.begin({ source: 'telehealth', deviceId: null });
    expect(recorder.trouble()).toEqual({ cause: 'no-shared-sound', sharing: true });
  });

  it('does not record what another tab records', async () => {
    locked.add('live.kept');
    expect(await recorder.goOn(kept)).toBe(false);
    expect(recorder.trouble()?.cause).toBe('other-tab');
    expect(FakeSender.made).toHaveLength(0);
  });

  it('begins one session, however often that is asked', async () => {
    expect(await Promise.all([recorder.goOn(kept), recorder.goOn(kept), room(), recorder.finishKept(kept)])).toEqual([true, false, false, false]);
    expect(recorder.stage()).toBe('on-air');
    expect(sources.microphone).toHaveBeenCalledTimes(1);
    expect(FakeSender.made).toHaveLength(1);
    expect(capture().done).toEqual(['connect 0', 'go']);
  });

  it('lets the microphone go that is allowed when the page was left already', async () => {
    let allow: (stream: MediaStream) => void = () => undefined;
    sources.microphone.mockImplementation(() => new Promise<MediaStream>((resolve) => (allow = resolve)));
    const beginning = room();
    TestBed.resetTestingModule();
    const stream = aStream();
    allow(stream);
    expect(await beginning).toBe(false);
    expect(stream.stopped()).toBe(true);
    expect(capture().done).toEqual(['close']);
    expect(FakeSender.made).toHaveLength(0);
    expect(shelf.size).toBe(0);
  });

  it('lets a microphone go that comes after the end', async () => {
    await room();
    let allow: (stream: MediaStream) => void = () => undefined;
    sources.microphone.mockImplementation(() => new Promise<MediaStream>((resolve) => (allow = resolve)));
    const changing = recorder.useMicrophone('another');
    void recorder.finish();
    await settled();
    const stream = aStream();
    allow(stream);
    await changing;
    expect(stream.stopped()).toBe(true);
  });

  it('lets the devices go when the server refuses the session', async () => {
    await room();
    expect(recorder.stopped()).toBe(false);
    FakeSender.last.become({ phase: 'refused', problem: { code: 'protocol-unsupported', message: 'Reload the page' } });
    TestBed.tick();
    expect(recorder.stopped()).toBe(true);
    expect(capture().done.at(-1)).toBe('close');
  });

  it('pauses and goes on', async () => {
    await room();
    recorder.pause();
    expect(recorder.paused()).toBe(true);
    recorder.resume();
    expect(recorder.paused()).toBe(false);
    expect(capture().done.slice(-2)).toEqual(['hold', 'go']);
    expect(FakeSender.last.asked).toEqual(['pause', 'resume']);
  });

  it('stands still when the microphone is gone, and goes on in the same session with another', async () => {
    await room();
    capture().listener.lost(0);
    expect(recorder.paused()).toBe(true);
    sources.microphone.mockRejectedValueOnce(new SourceError('no-device'));
    recorder.resume();
    await settled();
    expect([recorder.paused(), recorder.trouble()?.cause]).toEqual([true, 'no-device']);
    await recorder.useMicrophone('another');
    expect(sources.microphone).toHaveBeenLastCalledWith('another', false);
    expect(recorder.lostChannels()).toEqual([]);
    expect(recorder.paused()).toBe(false);
    expect(FakeSender.made).toHaveLength(1);
  });

  it('opens the microphone again when it is told to go on without one', async () => {
    await recorder.begin({ source: 'room', deviceId: 'desk' });
    capture().listener.lost(0);
    recorder.resume();
    await settled();
    expect(sources.microphone).toHaveBeenLastCalledWith('desk', false);
    expect([recorder.lostChannels(), recorder.air()]).toEqual([[], 'on-air']);
    capture().listener.lost(0);
    recorder.picked.set('headset');
    recorder.resume();
    await settled();
    expect(sources.microphone).toHaveBeenLastCalledWith('headset', false);
  });

  it('goes on with the clinician alone when the call is gone', async () => {
    await recorder.begin({ source: 'telehealth', deviceId: null });
    capture().listener.lost(1);
    expect(recorder.paused()).toBe(false);
    expect(recorder.lostChannels()).toEqual([1]);
    await recorder.shareCall();
    expect(recorder.lostChannels()).toEqual([]);
  });

  it('says the end on the shelf first, sends the begun frame, and keeps the session until all is stored', async () => {
    await room();
    const finishing = recorder.finish();
    await settled();
    expect([...shelf.values()]).toMatchObject([{ finishing: true }]);
    expect(FakeSender.last.asked).toEqual(['push 1600', 'finish']);
    FakeSender.last.accepted();
    await finishing;
    expect(shelf.size).toBe(1);
    FakeSender.last.become({ phase: 'finished' });
    await settled();
    expect(shelf.size).toBe(0);
    expect(released).toHaveLength(1);
  });

  it('notes on the shelf that the server has the session, and says so with each sender from then on, who is the same to the server', async () => {
    await room();
    const first = FakeSender.last.options;
    expect(first).toMatchObject({ known: false, sender: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    FakeSender.last.become({ phase: 'connecting' });
    expect([...shelf.values()]).toMatchObject([{ known: false, sender: first.sender }]);
    FakeSender.last.become({ phase: 'sending' });
    expect([...shelf.values()]).toMatchObject([{ known: true, finishing: false, sender: first.sender }]);
    await recorder.takeBack();
    expect(FakeSender.last.options).toMatchObject({ known: true, sender: first.sender });
    void recorder.finish();
    FakeSender.last.become({ phase: 'sending' });
    await settled();
    expect([...shelf.values()]).toMatchObject([{ known: true, finishing: true }]);
  });

  it('finishes an interrupted session without a microphone', async () => {
    const finishing = recorder.finishKept(kept);
    await settled();
    expect(sources.microphone).not.toHaveBeenCalled();
    expect(FakeSender.last.asked).toEqual(['finish']);
    FakeSender.last.accepted();
    expect(await finishing).toBe(true);
  });

  it('records nothing when another device has the session, and takes it back', async () => {
    await room();
    FakeSender.last.become({ phase: 'replaced' });
    expect(recorder.replaced()).toBe(true);
    capture().listener.audio(new Int16Array(1600));
    expect(capture().done.at(-1)).toBe('hold');
    await recorder.takeBack();
    expect(FakeSender.made).toHaveLength(2);
    expect(FakeSender.made[0]!.asked.at(-1)).toBe('close');
    expect(FakeSender.made[1]!.recordingId).toBe(FakeSender.made[0]!.recordingId);
    expect(recorder.replaced()).toBe(false);
    expect(capture().done.at(-1)).toBe('go');
  });

  const hear = () => capture().listener.audio(new Int16Array(1600));

  it('makes a pause of an interruption by the system, until sound comes again', async () => {
    await room();
    capture().listener.interrupted(true);
    expect([recorder.air(), recorder.interrupted(), recorder.levels.meters()]).toEqual(['no-sound', true, [0]]);
    hear();
    capture().listener.interrupted(false);
    expect(recorder.air()).toBe('no-sound');
    hear();
    expect(recorder.air()).toBe('on-air');
    expect(FakeSender.last.asked).toEqual(['pause', 'push 1600', 'resume', 'push 1600']);
  });

  it('stays paused after an interruption when it was paused by hand, before it or meanwhile', async () => {
    await room();
    recorder.pause();
    capture().listener.interrupted(true);
    capture().listener.interrupted(false);
    hear();
    expect([recorder.air(), FakeSender.last.state.paused]).toEqual(['paused', true]);
    recorder.resume();
    capture().listener.interrupted(true);
    recorder.pause();
    capture().listener.interrupted(false);
    hear();
    expect([recorder.air(), FakeSender.last.state.paused]).toEqual(['paused', true]);
    recorder.resume();
    expect([recorder.air(), FakeSender.last.state.paused]).toEqual(['on-air', false]);
  });

  it('claims nothing and makes a pause of it when no sound comes in, and opens it anew', async () => {
    jest.useFakeTimers();
    try {
      await room();
      recorder.levels.take([1]);
      hear();
      const since = Date.now();
      await jest.advanceTimersByTimeAsync(4_000);
      expect([recorder.missing(), recorder.air(), recorder.levels.meters()]).toEqual([true, 'no-sound', [0]]);
      expect(FakeSender.last.asked.at(-1)).toBe(`pause since ${since}`);
      await recorder.openAnew('desk');
      expect(sources.microphone).toHaveBeenLastCalledWith('desk', false);
      hear();
      expect([recorder.missing(), recorder.air()]).toEqual([false, 'on-air']);
      expect(FakeSender.last.asked.slice(-2)).toEqual(['resume', 'push 1600']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('takes a session back in its pause, and records nothing until that is ended', async () => {
    await room();
    recorder.pause();
    FakeSender.last.become({ phase: 'replaced' });
    await recorder.takeBack();
    expect([recorder.air(), FakeSender.last.asked, capture().done.at(-1)]).toEqual(['paused', ['pause'], 'hold']);
    recorder.resume();
    expect([recorder.air(), capture().done.at(-1)]).toEqual(['on-air', 'go']);
    capture().listener.lost(0);
    FakeSender.last.become({ phase: 'replaced' });
    await recorder.takeBack();
    expect([recorder.air(), FakeSender.last.asked, capture().done.at(-1)]).toEqual(['paused', ['pause'], 'hold']);
  });

  it('stands still from its beginning, or again, with a microphone that is gone already', async () => {
    sources.microphone.mockResolvedValue(aStream('ended'));
    await room();
    expect([recorder.lostChannels(), recorder.air(), capture().done.at(-1)]).toEqual([[0], 'paused', 'hold']);
    await recorder.useMicrophone('another');
    expect([recorder.lostChannels(), recorder.air()]).toEqual([[0], 'paused']);
  });

  it('knows which microphone is in use', async () => {
    await recorder.begin({ source: 'room', deviceId: 'desk' });
    expect(recorder.deviceId()).toBe('desk');
    await recorder.useMicrophone('another');
    sources.microphone.mockRejectedValue(new SourceError('busy'));
    await recorder.useMicrophone('third');
    expect(recorder.deviceId()).toBe('another');
  });

  it('says when nothing takes a mark or a request to forget any more', async () => {
    expect([recorder.mark(), recorder.forget(1)]).toEqual([null, null]);
    await room();
    expect([recorder.mark(), recorder.forget(1)]).toEqual([0, { id: 'marker', untilMs: 0 }]);
    for (const phase of ['replaced', 'refused', 'finishing', 'finished'] as const) {
      FakeSender.last.become({ phase });
      expect([phase, recorder.mark(), recorder.forget(1)]).toEqual([phase, null, null]);
    }
    expect(FakeSender.last.asked.filter((asked) => asked !== 'close')).toEqual(['mark', 'forget 1']);
  });

  it('notes when the last frame came, and makes a pause of the time until somebody goes on', async () => {
    await recorder.goOn({ ...kept, heardAt: 1_000 });
    expect(FakeSender.last.asked).toEqual(['pause since 1000', 'resume']);
    const before = Date.now();
    hear();
    const noted = [...shelf.values()][0]!.heardAt!;
    expect(noted).toBeGreaterThanOrEqual(before);
    await new Promise((resolve) => setTimeout(resolve, 5));
    hear();
    expect([...shelf.values()][0]!.heardAt).toBe(noted);
    TestBed.resetTestingModule();
    expect([...shelf.values()][0]!.heardAt).toBeGreaterThan(noted);
  });

  it('leaves an interrupted session on the shelf when its page is left', async () => {
    await room();
    TestBed.resetTestingModule();
    expect(FakeSender.last.asked).toEqual(['close']);
    expect(capture().done.at(-1)).toBe('close');
    expect(shelf.size).toBe(1);
    await settled();
    expect(released).toHaveLength(1);
  });
});
