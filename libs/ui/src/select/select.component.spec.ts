import { TestBed } from '@angular/core/testing';
import { SelectComponent } from './select.component';

describe('SelectComponent', () => {
  it('shows its value and reports another choice', async () => {
    const fixture = TestBed.createComponent(SelectComponent);
    fixture.componentRef.setInput('label', 'Role');
    fixture.componentRef.setInput('options', [{ value: 'a', label: 'First' }, { value: 'b', label: 'Second' }]);
    fixture.componentRef.setInput('value', 'b');
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    const select = root.querySelector('select')!;
    expect(root.querySelector('label')!.htmlFor).toBe(select.id);
    expect(select.value).toBe('b');
    select.value = 'a';
    select.dispatchEvent(new Event('change'));
    expect(fixture.componentInstance.value()).toBe('a');
  });
});
