import { TestBed } from '@angular/core/testing';
import { SegmentEditorComponent } from './segment-editor.component';

describe('SegmentEditorComponent', () => {
  const left = async (typed?: string) => {
    const fixture = TestBed.createComponent(SegmentEditorComponent);
    const saved: string[] = [];
    fixture.componentInstance.saved.subscribe((text) => saved.push(text));
    fixture.componentRef.setInput('text', 'I  felt well. ');
    fixture.componentRef.setInput('label', 'Text');
    await fixture.whenStable();
    const field = (fixture.nativeElement as HTMLElement).querySelector('textarea')!;
    if (typed !== undefined) field.value = typed;
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    return saved;
  };

  it('gives back an untouched text as it was, so that it is no correction', async () => {
    expect(await left()).toEqual(['I  felt well. ']);
  });

  it('tidies what was typed', async () => {
    expect(await left(' I  felt\nfine. ')).toEqual(['I felt fine.']);
  });
});
