import { TestBed } from '@angular/core/testing';
import { ProgressBarComponent } from './progress-bar.component';

async function create(value: number | null) {
  const fixture = TestBed.createComponent(ProgressBarComponent);
  fixture.componentRef.setInput('label', 'Upload');
  fixture.componentRef.setInput('value', value);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

describe('ProgressBarComponent', () => {
  it.each([
    [0, '0'],
    [0.426, '43'],
    [1.2, '100'],
    [-1, '0'],
  ])('says %p as %s percent', async (value, percent) => {
    const bar = await create(value);
    expect(bar.getAttribute('role')).toBe('progressbar');
    expect(bar.getAttribute('aria-label')).toBe('Upload');
    expect(bar.getAttribute('aria-valuenow')).toBe(percent);
  });

  it('has no value while nobody knows it', async () => {
    const bar = await create(null);
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(bar.classList).toContain('unknown');
  });
});
