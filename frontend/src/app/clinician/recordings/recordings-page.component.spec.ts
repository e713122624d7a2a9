import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { Dialogs, Toasts } from '@auscult/ui';
import type { RecordingView } from '@auscult/contracts';
import { FakeRealtime } from '../../../testing/fake-realtime';
import { FakeServer, json, problem, settle } from '../../../testing/fake-server';
import { recordingRow } from '../../../testing/views';
import { Realtime } from '../../core/realtime';
import { Uploads } from '../uploads/uploads';
import { RecordingsPageComponent } from './recordings-page.component';

const route = 'GET /api/recordings';
const pageOf = (items: RecordingView[], total = items.length) => json({ items, total, page: 1, pageSize: 20 });

describe('RecordingsPageComponent', () => {
  let server: FakeServer;
  const realtime = new FakeRealtime();
  const finished = signal<RecordingView | null>(null);
  const uploads = { items: signal([]), refusals: signal([]), finished, accept: signal('audio/*'), start: jest.fn(), add: jest.fn() };
  const dialogs = { confirm: jest.fn(), prompt: jest.fn() };

  beforeEach(() => {
    server = new FakeServer();
    finished.set(null);
    jest.clearAllMocks();
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'recordings', component: RecordingsPageComponent }, { path: '**', children: [] }], withComponentInputBinding()),
        { provide: Realtime, useValue: realtime },
        { provide: Uploads, useValue: uploads },
        { provide: Dialogs, useValue: dialogs },
      ],
    });
  });
  afterEach(() => {
    server.restore();
    document.body.replaceChildren();
  });

  async function open(url = '/recordings') {
    const harness = await RouterTestingHarness.create(url);
    const stable = async () => {
      await settle();
      await harness.fixture.whenStable();
    };
    await stable();
    const root = harness.routeNativeElement!;
    document.body.append(root);
    const titles = () => [...root.querySelectorAll('auscult-recording-row h3')].map((one) => one.textContent);
    const press = async (label: string) => {
      [...document.querySelectorAll<HTMLElement>('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent).includes(label))!.click();
      await stable();
    };
    return { root, titles, press, stable };
  }

  it('shows what the address asks for', async () => {
    server.on(route, () => pageOf([recordingRow()], 50));
    const { root, titles } = await open('/recordings?search=inter&status=completed&page=2');
    expect(Object.fromEntries(server.requests[0]!.query)).toEqual({ search: 'inter', status: 'completed', page: '2', pageSize: '20' });
    expect(titles()).toEqual(['First interview']);
    expect(root.querySelector<HTMLInputElement>('input[type=search]')!.value).toBe('inter');
    expect(root.querySelector<HTMLInputElement>('input[value=completed]')!.checked).toBe(true);
  });

  it('searches once the typing rests, from the first page, and keeps it in the address', async () => {
    server.on(route, () => pageOf([recordingRow()], 50));
    const { root, stable } = await open('/recordings?page=2');
    const field = root.querySelector<HTMLInputElement>('input[type=search]')!;
    for (const text of ['i', 'in', 'int ']) {
      field.value = text;
      field.dispatchEvent(new Event('input'));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    await stable();
    expect(TestBed.inject(Router).url).toBe('/recordings?search=int');
    expect(server.requests.map((request) => request.query.get('search'))).toEqual([null, 'int']);
    expect(field.value).toBe('int ');
  });

  it('invites the first recording', async () => {
    server.on(route, () => pageOf([]));
    expect((await open()).root.textContent).toContain('Your first transcript is one drop away');
  });

  it('leads out of a search without result', async () => {
    server.on(route, () => pageOf([]));
    const { root, press } = await open('/recordings?search=nothing');
    expect(root.textContent).toContain('No recording matches');
    await press('Show all recordings');
    expect(TestBed.inject(Router).url).toBe('/recordings');
  });

  it('says why the list failed and tries again', async () => {
    server.on(route, () => problem('unavailable'));
    const { root, press, titles } = await open();
    expect(root.querySelector('[role=alert]')!.textContent).toContain('not ready');
    server.on(route, () => pageOf([recordingRow()]));
    await press('Try again');
    expect(titles()).toEqual(['First interview']);
  });

  it('shows states in words, with live progress', async () => {
    server.on(route, () => pageOf([recordingRow({ status: 'transcribing', progress: 0.2 })]));
    const { root, stable } = await open();
    expect(root.textContent).toContain('Transcribing 20 %');
    realtime.send('recording:changed', { recording: recordingRow({ status: 'failed', failure: { code: 'audio-damaged', message: 'The file is damaged.' } }) });
    await stable();
    expect(root.textContent).toContain('Failed');
    expect(root.textContent).toContain('The file is damaged.');
  });

  it('takes in the recording that an upload became', async () => {
    server.on(route, () => pageOf([]));
    const { titles, stable } = await open();
    finished.set(recordingRow({ title: 'New one', status: 'queued' }));
    await stable();
    expect(titles()).toEqual(['New one']);
  });

  it('deletes only after it was confirmed', async () => {
    server.on(route, () => pageOf([recordingRow()]));
    const { titles, press } = await open();
    dialogs.confirm.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const address = `DELETE /api/recordings/${recordingRow().id}`;
    server.on(address, () => json(null));
    await press('More for First interview');
    await press('Delete');
    expect(server.count(address)).toBe(0);
    await press('More for First interview');
    await press('Delete');
    expect(server.count(address)).toBe(1);
    expect(titles()).toEqual([]);
  });

  it('renames, and takes it back', async () => {
    server.on(route, () => pageOf([recordingRow()]));
    const { titles, press, stable } = await open();
    server.on(`PATCH /api/recordings/${recordingRow().id}`, ({ body }) => json(recordingRow(body as Partial<RecordingView>)));
    dialogs.prompt.mockImplementation(async ({ save }: { save: (title: string) => Promise<void> }) => {
      await save('Second interview');
      return 'Second interview';
    });
    await press('More for First interview');
    await press('Rename');
    expect(titles()).toEqual(['Second interview']);
    const toasts = TestBed.inject(Toasts);
    toasts.act(toasts.shown().at(-1)!);
    await stable();
    expect(titles()).toEqual(['First interview']);
  });

  it('cancels, and says so when the server has finished in the meantime', async () => {
    server.on(route, () => pageOf([recordingRow({ status: 'transcribing' })]));
    const { press } = await open();
    server.on(`POST /api/recordings/${recordingRow().id}/cancel`, () => problem('recording-state'));
    server.on(route, () => pageOf([recordingRow()]));
    await press('More for First interview');
    await press('Cancel transcription');
    expect(TestBed.inject(Toasts).shown().at(-1)).toMatchObject({ tone: 'danger' });
    expect(server.count(route)).toBe(2);
  });
});
