import { TestBed } from '@angular/core/testing';
import { DropAnywhereComponent } from './drop-anywhere.component';

function drag(type: string, types: string[], files: File[] = [], target: EventTarget = document.body): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types, files, dropEffect: 'none' } });
  target.dispatchEvent(event);
  return event;
}

describe('DropAnywhereComponent', () => {
  async function create() {
    const fixture = TestBed.createComponent(DropAnywhereComponent);
    const dropped: File[][] = [];
    fixture.componentInstance.dropped.subscribe((files) => dropped.push(files));
    await fixture.whenStable();
    const veil = async () => {
      await fixture.whenStable();
      return (fixture.nativeElement as HTMLElement).querySelector('.veil') !== null;
    };
    return { dropped, veil };
  }

  it('shows itself while files are over the page, across nested elements', async () => {
    const { veil } = await create();
    drag('dragenter', ['Files']);
    drag('dragenter', ['Files']);
    drag('dragleave', ['Files']);
    expect(await veil()).toBe(true);
    drag('dragleave', ['Files']);
    expect(await veil()).toBe(false);
  });

  it('takes the files and keeps the browser from opening them', async () => {
    const { dropped, veil } = await create();
    const file = new File(['x'], 'a.wav');
    drag('dragenter', ['Files']);
    expect(drag('dragover', ['Files']).defaultPrevented).toBe(true);
    expect(drag('drop', ['Files'], [file]).defaultPrevented).toBe(true);
    expect(dropped).toEqual([[file]]);
    expect(await veil()).toBe(false);
  });

  it('leaves dragged text alone', async () => {
    const { dropped, veil } = await create();
    expect(drag('dragenter', ['text/plain']).defaultPrevented).toBe(false);
    expect(drag('drop', ['text/plain']).defaultPrevented).toBe(false);
    expect([dropped, await veil()]).toEqual([[], false]);
  });
});
