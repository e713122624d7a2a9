import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RefusedFile, UploadItem } from './upload-item';
import { UploadPanelComponent } from './upload-panel.component';
import { Uploads } from './uploads';

const item = (change: Partial<UploadItem> = {}): UploadItem => ({
  id: 'u1', name: 'a.wav', sizeBytes: 10_000_000, sentBytes: 4_000_000, state: 'sending', speed: 2_000_000, problem: null, retryable: false, ...change,
});

describe('UploadPanelComponent', () => {
  const items = signal<readonly UploadItem[]>([]);
  const refusals = signal<readonly RefusedFile[]>([]);
  const uploads = { items, refusals, pause: jest.fn(), resume: jest.fn(), cancel: jest.fn(), add: jest.fn(), dismiss: jest.fn() };

  async function show(...shown: UploadItem[]) {
    items.set(shown);
    TestBed.configureTestingModule({ providers: [{ provide: Uploads, useValue: uploads }] });
    const fixture = TestBed.createComponent(UploadPanelComponent);
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    const press = (label: string) => root.querySelector<HTMLButtonElement>(`button[aria-label="${label}"]`)!.click();
    return { root, press };
  }
  beforeEach(() => {
    refusals.set([]);
    jest.clearAllMocks();
  });

  it('is not there while nothing is uploaded', async () => {
    expect((await show()).root.querySelector('section')).toBeNull();
  });

  it('says how far, how fast and how long still', async () => {
    const { root, press } = await show(item());
    expect(root.textContent).toContain('4.0 MB of 10.0 MB · 2.0 MB/s · a few seconds left');
    expect(root.querySelector('[role=progressbar]')!.getAttribute('aria-valuenow')).toBe('40');
    press('Pause a.wav');
    expect(uploads.pause).toHaveBeenCalledWith('u1');
    press('Give up a.wav');
    expect(uploads.cancel).toHaveBeenCalledWith('u1');
  });

  it('offers to go on after a pause', async () => {
    const { root, press } = await show(item({ state: 'paused', speed: null }));
    expect(root.textContent).toContain('paused');
    press('Resume a.wav');
    expect(uploads.resume).toHaveBeenCalledWith('u1');
  });

  it('says why it failed and offers another attempt only where that can help', async () => {
    const problem = { title: 'The file holds no audio', advice: 'Export it as WAV.' };
    const failed = await show(item({ state: 'failed', problem }), item({ id: 'u2', name: 'b.wav', state: 'failed', problem, retryable: true }));
    expect(failed.root.querySelector('[role=alert]')!.textContent).toBe('The file holds no audio. Export it as WAV.');
    expect([...failed.root.querySelectorAll('button')].filter((one) => one.textContent.includes('Try again'))).toHaveLength(1);
  });

  it('asks kindly for the file after a reload', async () => {
    const { root } = await show(item({ state: 'needs-file' }));
    expect(root.textContent).toContain('it goes on where it stopped');
    const picker = root.querySelector<HTMLInputElement>('input[type=file]')!;
    picker.dispatchEvent(new Event('change'));
    expect(uploads.add).toHaveBeenCalledTimes(1);
  });

  it('announces refused files and lets them be dismissed', async () => {
    const refusal = { id: 'r1', name: 'notes.pdf', reason: 'This is not an audio or video file.' };
    refusals.set([refusal]);
    const { root, press } = await show();
    expect(root.querySelector('[role=alert]')!.textContent).toContain('notes.pdf was not uploaded. This is not an audio or video file.');
    press('Dismiss the message about notes.pdf');
    expect(uploads.dismiss).toHaveBeenCalledWith(refusal);
  });
});
