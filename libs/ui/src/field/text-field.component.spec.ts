import { TestBed } from '@angular/core/testing';
import { TextFieldComponent } from './text-field.component';

describe('TextFieldComponent', () => {
  async function create(inputs: Record<string, unknown> = {}) {
    const fixture = TestBed.createComponent(TextFieldComponent);
    for (const [name, value] of Object.entries({ label: 'Title', ...inputs })) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    const root = fixture.nativeElement as HTMLElement;
    return { fixture, root, input: root.querySelector('input')!, field: fixture.componentInstance };
  }

  it('is named by its label', async () => {
    const { root, input } = await create();
    expect(root.querySelector('label')!.htmlFor).toBe(input.id);
    expect(input.hasAttribute('name')).toBe(false);
  });

  it('marks itself wrong and points at the error instead of the hint', async () => {
    const { fixture, root, input } = await create({ hint: 'As in the calendar' });
    expect(root.querySelector(`#${input.getAttribute('aria-describedby')}`)?.textContent).toBe('As in the calendar');
    fixture.componentRef.setInput('error', 'Enter a title.');
    await fixture.whenStable();
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(root.querySelector(`#${input.getAttribute('aria-describedby')}`)?.textContent).toBe('Enter a title.');
    expect(root.textContent).not.toContain('As in the calendar');
  });

  it('follows what is typed, and reads what the browser filled in without an event', async () => {
    const { input, field } = await create({ value: 'First' });
    input.value = 'Second';
    input.dispatchEvent(new Event('input'));
    expect(field.value()).toBe('Second');
    input.value = 'filled in';
    expect(field.value()).toBe('Second');
    expect(field.read()).toBe('filled in');
    expect(field.value()).toBe('filled in');
  });
});
