import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { SegmentView } from '@auscult/contracts';
import { Dialogs, Toasts } from '@auscult/ui';
import { FakeRealtime } from '../../../testing/fake-realtime';
import { FakeServer, json, problem, settle } from '../../../testing/fake-server';
import { userRow } from '../../../testing/views';
import { Realtime } from '../../core/realtime';
import { Session } from '../../core/session';
import { UnfinishedWork } from '../../core/unfinished-work';
import { clinicianRoutes } from '../clinician.routes';
import { FakeAudio } from './testing/fake-audio';
import { aRecording, aSegment, aSpeaker } from './testing/samples';

const address = '/api/recordings/recording-1';
const correction = `PATCH ${address}/segments/segment-1`;
const transcript = clinicianRoutes[0]!.children!.find(({ path }) => path === ':id')!;
const unreachable = () => Promise.reject(new TypeError('offline'));

describe('leaving a transcript with corrections', () => {
  let server: FakeServer;
  const user = signal<ReturnType<typeof userRow> | null>(userRow());
  const confirm = jest.fn<Promise<boolean>, [{ title: string; text: string }]>();
  const watchTranscript = () => ({ ready: new Promise(() => undefined), stop: () => undefined });

  beforeEach(async () => {
    user.set(userRow());
    confirm.mockReset();
    Object.assign(globalThis, { Audio: FakeAudio });
    Object.assign(Element.prototype, { scrollIntoView: () => undefined });
    jest.spyOn(window, 'scrollTo').mockImplementation(() => undefined);
    jest.spyOn(document, 'hasFocus').mockReturnValue(true);
    server = new FakeServer()
      .on(`GET ${address}`, () => json(aRecording()))
      .on(`GET ${address}/transcript`, () => json({ recordingId: 'recording-1', engine: null, speakers: [aSpeaker()], segments: [aSegment()] }))
      .on(`GET ${address}/markers`, () => json({ markers: [] }))
      .on(`GET ${address}/waveform`, () => problem('not-found'))
      .on(`POST ${address}/audio-link`, () => problem('not-found'));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ ...transcript, path: 'recordings/:id' }, { path: '**', children: [] }], withComponentInputBinding()),
        { provide: Realtime, useValue: Object.assign(new FakeRealtime(), { watchTranscript }) },
        { provide: Session, useValue: { user, current: () => Promise.resolve('token'), refresh: () => Promise.resolve('token') } },
        { provide: Dialogs, useValue: { confirm } },
      ],
    });
    const harness = await RouterTestingHarness.create('/recordings/recording-1');
    document.body.append(harness.routeNativeElement!);
    await settle();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    server.restore();
    document.body.replaceChildren();
  });

  it('has nothing left of a recording that is deleted elsewhere', async () => {
    const paused = jest.spyOn(FakeAudio.prototype, 'pause');
    expect(document.body.textContent).toContain(aSegment().text);
    (TestBed.inject(Realtime) as unknown as FakeRealtime).send('recording:deleted', { recordingId: 'recording-1' });
    await settle();
    expect(document.body.textContent).toContain('This recording was deleted');
    expect(document.body.textContent).not.toContain(aRecording().title);
    expect(document.body.textContent).not.toContain(aSegment().text);
    expect(paused).toHaveBeenCalled();
  });

  const line = () => document.getElementById('segment-segment-1')!;
  const press = (target: Element, key: string) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const type = async (words: string) => {
    line().focus();
    press(line(), 'e');
    await settle();
    line().querySelector('textarea')!.value = words;
  };
  const correct = async (words: string) => {
    await type(words);
    press(line().querySelector('textarea')!, 'Enter');
  };
  const leave = () => TestBed.inject(Router).navigateByUrl('/recordings');
  const place = () => TestBed.inject(Router).url;
  const mayClose = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const messages = () => TestBed.inject(Toasts).shown();
  const saved = (change: Partial<SegmentView>) => json(aSegment({ revision: 1, ...change }));
  /** The server takes its time; call the answer when it is there. */
  const hold = () => {
    const held: { answer?: (response: Response) => void; fail?: (error: Error) => void } = {};
    server.on(correction, () => new Promise((resolve, reject) => Object.assign(held, { answer: resolve, fail: reject })));
    return held;
  };

  it('asks nothing when there are none', async () => {
    await type('Good morning.');
    expect(mayClose()).toBe(true);
    expect(await leave()).toBe(true);
    expect(confirm).not.toHaveBeenCalled();
    expect(server.count(correction)).toBe(0);
  });

  it('waits for one that is being saved, and asks nothing when it is', async () => {
    const held = hold();
    await correct('Good evening.');
    const leaving = leave();
    await settle();
    expect(place()).toBe('/recordings/recording-1');
    expect(mayClose()).toBe(false);
    held.answer!(saved({ text: 'Good evening.' }));
    expect(await leaving).toBe(true);
    expect(confirm).not.toHaveBeenCalled();
  });

  it('saves what stands in the editor first', async () => {
    server.on(correction, ({ body }) => saved(body as Partial<SegmentView>));
    await type('Good evening.');
    expect(mayClose()).toBe(false);
    expect(await leave()).toBe(true);
    expect(server.requests.at(-1)!.body).toEqual({ text: 'Good evening.', expectedRevision: 0 });
    expect(confirm).not.toHaveBeenCalled();
  });

  it('asks when one fails meanwhile, and stays where that is wanted', async () => {
    const held = hold();
    await correct('Good evening.');
    confirm.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const leaving = leave();
    await settle();
    held.fail!(new TypeError('offline'));
    expect(await leaving).toBe(false);
    expect(confirm.mock.lastCall![0]).toMatchObject({ title: 'Leave the transcript?', text: 'One correction is not saved and will be lost.' });
    await settle();
    expect(line().querySelector('[role=alert]')!.textContent).toContain('Good evening.');
    expect(mayClose()).toBe(false);
    expect(await leave()).toBe(true);
    await settle();
    expect(messages()).toEqual([]);
    expect(mayClose()).toBe(true);
  });

  it('tells before a sign-out, and asks nobody after it', async () => {
    server.on(correction, unreachable);
    await correct('Good evening.');
    expect(await TestBed.inject(UnfinishedWork).loss()).toBe('One correction is not saved and will be lost.');
    user.set(null);
    expect(await leave()).toBe(true);
    expect(confirm).not.toHaveBeenCalled();
    expect(await TestBed.inject(UnfinishedWork).loss()).toBe('');
    // The next person at this screen must not read them.
    expect(messages()).toMatchObject([{ detail: 'You were signed out before the server had it.' }]);
  });

  /** A correction is under way and hangs, and the page is left all the same. */
  const leaveWhileSaving = async () => {
    const held = hold();
    await correct('Good evening.');
    await settle();
    confirm.mockResolvedValueOnce(true);
    jest.useFakeTimers();
    return { held, leaving: leave() };
  };

  it('asks when the server does not answer, and says which words were lost when they are', async () => {
    const { held, leaving } = await leaveWhileSaving();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(confirm).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await leaving).toBe(true);
    expect(confirm.mock.lastCall![0].text).toBe('A change is still being saved and may be lost.');
    expect(messages()).toEqual([]);
    held.fail!(new TypeError('offline'));
    await jest.advanceTimersByTimeAsync(0);
    expect(messages()).toMatchObject([{ tone: 'danger', text: 'A correction was not saved', detail: 'Good evening.' }]);
  });

  it('says the words as well when another hand has changed the line', async () => {
    const { held, leaving } = await leaveWhileSaving();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await leaving).toBe(true);
    held.answer!(problem('conflict'));
    await jest.advanceTimersByTimeAsync(0);
    expect(messages()).toMatchObject([{ tone: 'danger', detail: 'Good evening.' }]);
  });

  const putOffRecord = async ({ whole = false } = {}) => {
    const { startMs, endMs } = aSegment();
    // The server tells of the lines first.
    if (whole) (TestBed.inject(Realtime) as unknown as FakeRealtime).send('transcript:removed', { recordingId: 'recording-1', segmentIds: ['segment-1'] });
    await settle();
    const marker = { id: 'off', kind: 'off-record' as const, atMs: startMs, durationMs: endMs - startMs, label: null, createdAt: '2026-01-05T09:00:00.000Z' };
    (TestBed.inject(Realtime) as unknown as FakeRealtime).send('live:markers', { recordingId: 'recording-1', markers: [marker] });
    await settle();
  };

  it('has nothing left of what stood in an editor, or was not saved, of a line that goes off the record', async () => {
    server.on(correction, unreachable);
    await correct('Good evening, Anna.');
    await settle();
    expect(document.body.textContent).toContain('Good evening, Anna.');
    await putOffRecord();
    expect(document.body.textContent).not.toContain('Good evening, Anna.');
    expect(messages()).toMatchObject([{ text: 'A correction was given up' }]);
    expect(server.count(correction)).toBe(1);
  });

  it('says so also where the line has gone whole', async () => {
    server.on(correction, unreachable);
    await correct('Good evening, Anna.');
    await settle();
    await putOffRecord({ whole: true });
    expect(messages()).toMatchObject([{ text: 'A correction was given up' }]);
  });

  it('says so of what stood in the editor of a line that has gone whole', async () => {
    await type('Good evening, Anna.');
    line().querySelector('textarea')!.dispatchEvent(new Event('input', { bubbles: true }));
    await putOffRecord({ whole: true });
    expect(messages()).toMatchObject([{ text: 'A correction was given up' }]);
    expect(server.count(correction)).toBe(0);
  });

  it('ends the editor of such a line and saves nothing of it', async () => {
    server.on(correction, ({ body }) => saved(body as Partial<SegmentView>));
    await type('Good evening, Anna.');
    await putOffRecord();
    expect(line().querySelector('textarea')).toBeNull();
    expect(server.count(correction)).toBe(0);
    expect(messages()).toMatchObject([{ text: 'A correction was given up' }]);
    expect(await leave()).toBe(true);
    expect(confirm).not.toHaveBeenCalled();
  });

  it('says that words were lost in the editor when she was signed out elsewhere in the middle of them', async () => {
    await type('Good evening.');
    line().querySelector('textarea')!.dispatchEvent(new Event('input', { bubbles: true }));
    jest.spyOn(document, 'hasFocus').mockReturnValue(false);
    user.set(null);
    expect(await leave()).toBe(true);
    await settle();
    expect(messages()).toMatchObject([{ text: 'A correction was not saved', detail: 'You were signed out before the server had it.' }]);
    expect(server.count(correction)).toBe(0);
  });
});
