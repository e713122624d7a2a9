import { signal, type Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { LiveSendState } from '@auscult/client';
import { Dialogs, Toasts } from '@auscult/ui';
import { LiveWords } from '../../transcript/live-words';
import { SoundSources, type Microphone } from '../capture/sound-sources';
import { LiveRecorder, type RecorderStage } from '../session/live-recorder';
import type { OnAir } from '../session/on-air-sign';
import type { Trouble } from '../session/session-devices';
import type { SoundWarning } from '../session/sound-levels';
import type { Keeps } from '../spool/indexed-db-frame-spool';
import type { KeptSession } from '../spool/session-shelf';
import { OnAirControlsComponent } from './on-air-controls.component';
import { OnAirDeckComponent } from './on-air-deck.component';
import { OnAirNoticesComponent } from './on-air-notices.component';
import { SessionCommands } from './session-commands';

const sending: LiveSendState = { phase: 'sending', received: 10, stored: 5, kept: 5, unsent: 0, paused: false, forgetting: 0, unforgotten: 0, problem: null };

/** A recorder whose signals a spec sets. */
function aRecorder() {
  const state = signal<LiveSendState>(sending);
  return {
    stage: signal<RecorderStage>('on-air'),
    session: signal<KeptSession>({ id: 'session', userId: 'clinician', source: 'telehealth', channelCount: 2, startedAt: 0, finishing: false, sender: 'this-device', known: false }),
    state,
    elapsedMs: signal(751_400),
    lostChannels: signal<readonly number[]>([]),
    interrupted: signal(false),
    missing: signal(false),
    deviceId: signal<string | null>(null),
    picked: signal<string | null>(null),
    air: signal<OnAir>('on-air'),
    takesCommands: signal(true),
    keeps: signal<Keeps>('all'),
    trouble: signal<Trouble | null>(null),
    paused: () => state().paused,
    replaced: () => state().phase === 'replaced',
    stopped: () => ['replaced', 'refused'].includes(state().phase),
    levels: { meters: signal([0.5, 0]), warning: signal<SoundWarning | null>(null) },
    useMicrophone: jest.fn(() => Promise.resolve()),
    shareCall: jest.fn(() => Promise.resolve()),
    openAnew: jest.fn(() => Promise.resolve()),
    takeBack: jest.fn(),
    mark: jest.fn((): number | null => 65_000),
    forget: jest.fn((): { id: string; untilMs: number } | null => ({ id: 'off', untilMs: 90_000 })),
    pause: jest.fn(),
    resume: jest.fn(),
  };
}

describe('a session on air', () => {
  let recorder: ReturnType<typeof aRecorder>;
  const microphones = signal<readonly Microphone[]>([]);
  const words = { putOffRecord: jest.fn(), allTaken: jest.fn() };
  let agrees: boolean;
  let asked: { title: string; text: string }[];

  beforeEach(() => {
    recorder = aRecorder();
    microphones.set([{ id: 'desk', label: 'Desk microphone' }]);
    [agrees, asked] = [true, []];
    const confirm = (request: { title: string; text: string }) => (asked.push(request), Promise.resolve(agrees));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        SessionCommands,
        { provide: LiveRecorder, useValue: recorder },
        { provide: LiveWords, useValue: words },
        { provide: SoundSources, useValue: { microphones } },
        { provide: Dialogs, useValue: { confirm } },
      ],
    });
  });

  async function draw(component: Type<unknown>) {
    const fixture = TestBed.createComponent<unknown>(component);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const text = async () => (await fixture.whenStable(), element.textContent.replace(/\s+/g, ' ').trim());
    const press = async (label: string) => {
      const button = [...element.querySelectorAll('button')].find((one) => one.textContent.includes(label));
      if (!button) throw new Error(`There is no button ${label}`);
      button.click();
      await fixture.whenStable();
    };
    return { fixture, element, text, press };
  }

  it('says that it records, for how long, and where the sound is', async () => {
    const deck = await draw(OnAirDeckComponent);
    const announced = () => deck.element.querySelector('[role=status]')?.textContent;
    expect(await deck.text()).toMatch(/On air ?12:31.*You.*Call.*Up to date/);
    expect(announced()).toBe('On air. Up to date');
    recorder.state.set({ ...sending, phase: 'catching-up', unsent: 118 });
    expect(await deck.text()).toContain('12 s kept on this device, sending');
    expect(announced()).toBe('On air. What was kept on this device is being sent');
    recorder.state.set({ ...sending, paused: true });
    expect(await deck.text()).toContain('Paused');
    expect(announced()).toBe('Paused. Up to date');
    recorder.state.set(sending);
    await deck.text();
    expect(deck.element.querySelectorAll('.lit[data-zone]').length).toBeGreaterThan(0);
    recorder.state.set({ ...sending, phase: 'refused', problem: { code: 'not-found', message: 'There is nothing here' } });
    expect(await deck.text()).toContain('Not recording');
    recorder.stage.set('finishing');
    expect(await deck.text()).toContain('Not recording');
    recorder.state.set({ ...sending, phase: 'finishing' });
    expect(await deck.text()).toContain('Finishing');
    // Nothing is heard any more.
    expect(deck.element.querySelectorAll('.lit[data-zone]')).toHaveLength(0);
  });

  it('offers another microphone when the one is gone', async () => {
    const notices = await draw(OnAirNoticesComponent);
    expect(await notices.text()).toBe('');
    recorder.lostChannels.set([0]);
    expect(await notices.text()).toContain('The microphone is gone');
    const select = notices.element.querySelector('select')!;
    select.value = 'desk';
    select.dispatchEvent(new Event('change'));
    await notices.press('Go on');
    expect(recorder.useMicrophone).toHaveBeenCalledWith('desk');
  });

  it('proposes the microphone that was in use as soon as it is there again, and keeps to what was chosen', async () => {
    recorder.deviceId.set('headset');
    recorder.lostChannels.set([0]);
    const notices = await draw(OnAirNoticesComponent);
    const select = () => notices.element.querySelector('select')!;
    expect(select().value).toBe('');
    microphones.update((list) => [...list, { id: 'headset', label: 'Headset' }]);
    await notices.text();
    expect(select().value).toBe('headset');
    await notices.press('Go on');
    expect(recorder.useMicrophone).toHaveBeenLastCalledWith('headset');
    select().value = 'desk';
    select().dispatchEvent(new Event('change'));
    recorder.deviceId.set('another');
    await notices.press('Go on');
    expect(recorder.useMicrophone).toHaveBeenLastCalledWith('desk');
  });

  it('says nowhere that it is on air when no sound comes in, and opens it anew', async () => {
    const [deck, notices] = [await draw(OnAirDeckComponent), await draw(OnAirNoticesComponent)];
    recorder.missing.set(true);
    recorder.air.set('no-sound');
    expect(await deck.text()).toMatch(/No sound/);
    expect(await deck.text()).not.toContain('On air');
    expect(deck.element.querySelectorAll('.lit[data-zone]')).toHaveLength(0);
    expect(await notices.text()).toMatch(/No sound comes in.*Nothing is recorded now.*Open the sound anew/);
    await notices.press('Open the sound anew');
    expect(recorder.openAnew).toHaveBeenCalledWith(null);
    recorder.missing.set(false);
    recorder.interrupted.set(true);
    expect(await notices.text()).toContain('The browser has stopped the sound');
    recorder.state.set({ ...sending, paused: true });
    expect(await notices.text()).toBe('');
  });

  it('has a button to press again after what it did has failed', async () => {
    const notices = await draw(OnAirNoticesComponent);
    recorder.lostChannels.set([1]);
    await notices.text();
    const component = notices.fixture.componentInstance as { shareCall: () => Promise<void> };
    recorder.shareCall.mockRejectedValue(new Error('Unheard of'));
    await expect(component.shareCall()).rejects.toThrow('Unheard of');
    await notices.text();
    expect(notices.element.querySelector('button')?.getAttribute('aria-busy')).not.toBe('true');
  });

  it('warns of silence, of a call that is no longer shared, and of a browser that keeps nothing', async () => {
    const notices = await draw(OnAirNoticesComponent);
    recorder.levels.warning.set({ kind: 'quiet' });
    expect(await notices.text()).toContain('Nobody has been heard for a while');
    recorder.levels.warning.set({ kind: 'dead', channels: [0] });
    expect(await notices.text()).toContain('The microphone gives no sound');
    recorder.state.set({ ...sending, paused: true });
    expect(await notices.text()).toBe('');
    recorder.lostChannels.set([1]);
    expect(await notices.text()).toContain('The call is no longer shared');
    await notices.press('Share again');
    expect(recorder.shareCall).toHaveBeenCalled();
    recorder.keeps.set('nothing');
    expect(await notices.text()).toContain('This browser keeps nothing');
    recorder.keeps.set('no-room');
    expect(await notices.text()).toMatch(/This device has no room left.*Recording goes on.*do not close or reload it.*Free some room/);
  });

  it('lets a session be taken back, and leads to the transcript of one that was finished elsewhere', async () => {
    const notices = await draw(OnAirNoticesComponent);
    recorder.state.set({ ...sending, phase: 'replaced' });
    expect(await notices.text()).toContain('Another window or device has taken the session over');
    await notices.press('Take it back');
    expect(recorder.takeBack).toHaveBeenCalled();
    recorder.state.set({ ...sending, phase: 'refused', problem: { code: 'live-ended', message: 'The session has ended' } });
    expect(await notices.text()).toMatch(/finished elsewhere.*Everything that this device had sent/);
    recorder.state.set({ ...sending, phase: 'refused', unsent: 312, problem: { code: 'live-ended', message: 'The session has ended' } });
    expect(await notices.text()).toMatch(/finished elsewhere.*The last 32 s, which .* become a recording of their own/);
    expect(notices.element.querySelector('a')?.getAttribute('href')).toBe('/recordings/session');
  });

  it('says why the server does not take a new session yet, and leads to those that are open without leaving this one', async () => {
    const notices = await draw(OnAirNoticesComponent);
    recorder.state.set({ ...sending, phase: 'connecting' });
    expect(await notices.text()).toBe('');
    recorder.state.set({ ...sending, phase: 'connecting', problem: { code: 'too-many-requests', message: 'Up to 5 sessions can be open at once; finish one first.' } });
    expect(await notices.text()).toContain('Up to 5 sessions can be open at once; finish one first. What is said is kept on this device');
    expect(notices.element.querySelector('a')).toMatchObject({ target: '_blank', pathname: '/recordings' });
    recorder.state.set({ ...sending, phase: 'connecting', problem: { code: 'unavailable', message: 'The service is not ready' } });
    expect(await notices.text()).toContain('The service is not ready. What is said');
    expect(notices.element.querySelector('a')).toBeNull();
    recorder.state.set(sending);
    expect(await notices.text()).toBe('');
  });

  it('has no working keys when nothing is recorded here', async () => {
    const controls = await draw(OnAirControlsComponent);
    const disabled = () => [...controls.element.querySelectorAll('button')].filter((button) => button.disabled).length;
    expect(disabled()).toBe(0);
    recorder.state.set({ ...sending, phase: 'replaced' });
    await controls.text();
    expect(disabled()).toBe(4);
  });

  it('marks with the key M, but not while somebody types', async () => {
    TestBed.inject(SessionCommands);
    const show = jest.spyOn(TestBed.inject(Toasts), 'show');
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }));
    expect(recorder.mark).toHaveBeenCalledTimes(1);
    expect(show).toHaveBeenCalledWith('Marked 1:05', expect.anything());
    const field = document.body.appendChild(document.createElement('textarea'));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }));
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', ctrlKey: true, bubbles: true }));
    field.remove();
    expect(recorder.mark).toHaveBeenCalledTimes(1);
  });

  it('marks nothing by key when the session is over here, and says so of what was not marked or put off the record', async () => {
    const commands = TestBed.inject(SessionCommands);
    const show = jest.spyOn(TestBed.inject(Toasts), 'show');
    recorder.takesCommands.set(false);
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }));
    expect(recorder.mark).not.toHaveBeenCalled();
    recorder.mark.mockReturnValue(null);
    commands.mark();
    expect(show).toHaveBeenLastCalledWith('Nothing was marked: the session is over here', expect.objectContaining({ tone: 'danger' }));
    recorder.forget.mockReturnValue(null);
    await commands.forget(1);
    expect(show).toHaveBeenLastCalledWith('Nothing was put off the record: the session is over here', expect.objectContaining({ tone: 'danger' }));
    expect(show).toHaveBeenCalledTimes(2);
  });

  it('says what of the record the server does not know yet, and has it hidden until it does', async () => {
    TestBed.inject(SessionCommands);
    recorder.state.set({ ...sending, phase: 'offline', forgetting: 1 });
    const notices = await draw(OnAirNoticesComponent);
    expect(await notices.text()).toContain('Off the record on this device, not on the server yet');
    words.allTaken.mockClear();
    recorder.state.set({ ...sending, forgetting: 1 });
    expect(await notices.text()).not.toContain('not on the server yet');
    expect(words.allTaken).not.toHaveBeenCalled();
    recorder.state.set(sending);
    await notices.text();
    expect(words.allTaken).toHaveBeenCalled();
  });

  it('says what goes before it destroys it, and destroys nothing when that is not agreed to', async () => {
    const commands = TestBed.inject(SessionCommands);
    agrees = false;
    await commands.forget(2);
    expect(asked[0]?.title).toBe('Put the last 2 minutes off the record?');
    expect(asked[0]?.text).toContain('nobody can bring them back');
    expect(recorder.forget).not.toHaveBeenCalled();
    agrees = true;
    await commands.forget(1);
    expect(recorder.forget).toHaveBeenCalledWith(1);
    expect(words.putOffRecord).toHaveBeenCalledWith('off', 90_000, 1);
    const show = jest.spyOn(TestBed.inject(Toasts), 'show');
    await commands.forget(2);
    expect(show).toHaveBeenLastCalledWith('The last 2 minutes are off the record', { icon: 'off-record' });
    recorder.state.set({ ...sending, phase: 'offline' });
    await commands.forget(2);
    expect(show).toHaveBeenLastCalledWith('The last 2 minutes are off the record', expect.objectContaining({ detail: expect.stringContaining('as soon as it can be reached') as string }));
  });
});
