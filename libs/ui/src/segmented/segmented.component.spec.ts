import { TestBed } from '@angular/core/testing';
import { SegmentedComponent } from './segmented.component';

describe('SegmentedComponent', () => {
  it('is a named group of radio buttons that reports the choice', async () => {
    const fixture = TestBed.createComponent(SegmentedComponent);
    fixture.componentRef.setInput('label', 'Status');
    fixture.componentRef.setInput('options', [{ value: 'all', label: 'All' }, { value: 'failed', label: 'Failed' }]);
    fixture.componentRef.setInput('value', 'all');
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    const [all, failed] = root.querySelectorAll('input');
    expect(root.querySelector('legend')!.textContent).toBe('Status');
    expect([all!.checked, failed!.checked]).toEqual([true, false]);
    expect(all!.name).toBe(failed!.name);
    failed!.click();
    expect(fixture.componentInstance.value()).toBe('failed');
  });
});
