import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { SoundSources, type Microphone, type SourceTrouble } from '../capture/sound-sources';
import type { Begin } from '../session/live-recorder';
import { LiveSetupComponent } from './live-setup.component';

describe('LiveSetupComponent', () => {
  let obstacle: SourceTrouble | null;
  let canShare: boolean;
  const microphones = signal<readonly Microphone[]>([]);

  beforeEach(() => {
    localStorage.clear();
    [obstacle, canShare] = [null, true];
    microphones.set([{ id: 'desk', label: 'Desk microphone' }]);
    TestBed.configureTestingModule({
      providers: [{ provide: SoundSources, useValue: { obstacle: () => obstacle, canShare: () => canShare, microphones } }],
    });
  });

  async function draw() {
    const fixture = TestBed.createComponent(LiveSetupComponent);
    const begun: Begin[] = [];
    fixture.componentInstance.begun.subscribe((choice) => begun.push(choice));
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const text = async () => (await fixture.whenStable(), element.textContent);
    const choose = async (value: string) => {
      element.querySelector<HTMLInputElement>(`input[value=${value}]`)!.click();
      element.querySelector<HTMLInputElement>(`input[value=${value}]`)!.dispatchEvent(new Event('change'));
      await fixture.whenStable();
    };
    const start = () => element.querySelector('form')!.dispatchEvent(new Event('submit'));
    return { fixture, element, begun, text, choose, start };
  }

  it('begins with one press, in the room, with the system’s microphone', async () => {
    const setup = await draw();
    setup.start();
    expect(setup.begun).toEqual([{ source: 'room', deviceId: null }]);
  });

  it('remembers what was chosen, and does not ask for a microphone that is gone', async () => {
    const setup = await draw();
    await setup.choose('telehealth');
    const select = setup.element.querySelector('select')!;
    select.value = 'desk';
    select.dispatchEvent(new Event('change'));
    await setup.fixture.whenStable();
    setup.start();
    expect(setup.begun).toEqual([{ source: 'telehealth', deviceId: 'desk' }]);

    const again = await draw();
    again.start();
    expect(again.begun).toEqual([{ source: 'telehealth', deviceId: 'desk' }]);
    microphones.set([]);
    const later = await draw();
    later.start();
    expect(later.begun).toEqual([{ source: 'telehealth', deviceId: null }]);
  });

  it('says what to do where a page gets no microphone', async () => {
    obstacle = 'insecure';
    const setup = await draw();
    expect(await setup.text()).toContain('https');
    expect(setup.element.querySelector('form')).toBeNull();
  });

  it('says what to do when the microphone or the call was not given', async () => {
    const setup = await draw();
    setup.fixture.componentRef.setInput('trouble', { cause: 'denied', sharing: false });
    expect(await setup.text()).toContain('The microphone is not allowed');
    setup.fixture.componentRef.setInput('trouble', { cause: 'denied', sharing: true });
    expect(await setup.text()).toContain('The call’s sound was not shared');
    setup.fixture.componentRef.setInput('trouble', { cause: 'no-shared-sound', sharing: true });
    expect(await setup.text()).toContain('Also share tab audio');
    setup.fixture.componentRef.setInput('trouble', { cause: 'other-tab', sharing: false });
    expect(await setup.text()).toContain('another tab');
  });

  it('does not offer telehealth where no call can be shared', async () => {
    canShare = false;
    const setup = await draw();
    await setup.choose('telehealth');
    expect(await setup.text()).toContain('cannot share the sound of a call');
    expect(setup.element.querySelector<HTMLButtonElement>('button[type=submit]')?.disabled).toBe(true);
  });
});
