import { TestBed } from '@angular/core/testing';
import { LiveDatabase } from './live-database';
import { SessionShelf } from './session-shelf';

describe('SessionShelf', () => {
  const emptied: string[] = [];
  let refuses: string | null;

  beforeEach(() => {
    emptied.length = 0;
    refuses = null;
    const write = (store: string) => (store === refuses ? Promise.reject(new DOMException('No', 'AbortError')) : Promise.resolve(void emptied.push(store)));
    jest.spyOn(LiveDatabase, 'open').mockResolvedValue({ write } as unknown as LiveDatabase);
  });

  it('removes the sound first, and its session only when that is done: else nobody would find it again', async () => {
    const shelf = TestBed.inject(SessionShelf);
    expect(await shelf.remove('a')).toBe(true);
    expect(emptied).toEqual(['blocks', 'commands', 'sessions']);
    emptied.length = 0;
    refuses = 'blocks';
    expect(await shelf.remove('a')).toBe(false);
    expect(emptied).toEqual([]);
  });
});
