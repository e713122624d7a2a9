import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { WaveformComponent } from './waveform.component';

describe('WaveformComponent', () => {
  let fixture: ComponentFixture<WaveformComponent>;
  let chosen: number[];
  const slider = () => fixture.nativeElement as HTMLElement;

  beforeEach(async () => {
    fixture = TestBed.createComponent(WaveformComponent);
    chosen = [];
    fixture.componentInstance.chosen.subscribe((ms) => chosen.push(ms));
    fixture.componentRef.setInput('durationMs', 600_000);
    fixture.componentRef.setInput('positionMs', 61_400);
    await fixture.whenStable();
  });

  it('tells its place in words', () => {
    expect(slider().getAttribute('role')).toBe('slider');
    expect(slider().getAttribute('aria-valuenow')).toBe('61');
    expect(slider().getAttribute('aria-valuetext')).toBe('1 minute 1 second of 10 minutes');
  });

  it.each([
    ['ArrowRight', 66_400], ['ArrowLeft', 56_400], ['PageUp', 91_400], ['PageDown', 31_400], ['Home', 0], ['End', 600_000],
  ])('goes with %s to %d ms', (key, ms) => {
    slider().dispatchEvent(new KeyboardEvent('keydown', { key }));
    expect(chosen).toEqual([ms]);
  });

  it('leaves other keys and chords alone', () => {
    slider().dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
    slider().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', ctrlKey: true }));
    expect(chosen).toEqual([]);
  });

  it('chooses where the pointer is let go, and nothing before the length is known', async () => {
    const element = slider();
    element.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
    element.setPointerCapture = () => undefined;
    const at = (type: string, clientX: number) => element.dispatchEvent(new MouseEvent(type, { clientX, button: 0 }));
    at('pointerdown', 150);
    at('pointermove', 200);
    at('pointerup', 200);
    expect(chosen).toEqual([300_000]);
    fixture.componentRef.setInput('durationMs', null);
    await fixture.whenStable();
    at('pointerdown', 150);
    at('pointerup', 150);
    expect(chosen).toHaveLength(1);
  });
});
