import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { SecondPass } from '@auscult/contracts';
import { SecondPassLineComponent } from './second-pass-line.component';
import { aRecording } from './testing/samples';
import { TranscriptCommands } from './transcript-commands';
import { TranscriptStore } from './transcript.store';

describe('SecondPassLineComponent', () => {
  let fixture: ComponentFixture<SecondPassLineComponent>;
  let store: TranscriptStore;
  const retry = jest.fn();

  beforeEach(() => {
    retry.mockReset();
    TestBed.configureTestingModule({ providers: [TranscriptStore, { provide: TranscriptCommands, useValue: { retry } }] });
    store = TestBed.inject(TranscriptStore);
    fixture = TestBed.createComponent(SecondPassLineComponent);
  });

  const textAt = async (secondPass: SecondPass | null): Promise<string> => {
    store.applyRecording(aRecording({ live: { source: 'room', finishing: false }, secondPass }));
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ').trim();
  };
  const button = () => (fixture.nativeElement as HTMLElement).querySelector('button');

  it('says nothing where there is no second hearing', async () => {
    expect(await textAt(null)).toBe('');
  });

  it('follows it from the queue to its end', async () => {
    expect(await textAt({ state: 'queued', progress: 0, engine: null })).toContain('begins by itself');
    expect(await textAt({ state: 'running', progress: 0.379, engine: 'moonshine-base' })).toBe('A second, more careful hearing by moonshine-base is under way (37 %).');
    expect(await textAt({ state: 'done', progress: 1, engine: 'moonshine-base' })).toBe('Heard a second time by moonshine-base; corrections stay.');
    expect(button()).toBeNull();
  });

  it('says plainly that it failed, and tries again', async () => {
    expect(await textAt({ state: 'failed', progress: 0.4, engine: 'moonshine-base' })).toContain('The transcript is as it was.');
    button()?.click();
    expect(retry).toHaveBeenCalledWith(store.recording());
  });
});
