import { TestBed } from '@angular/core/testing';
import { LiveDatabase } from './live-database';
import { SessionShelf } from './session-shelf';

describe('SessionShelf', () => {
  const emptied: string[] = [];
  let refuses: string | null;
  let sessions: object[];
  /** Whose rows are deleted. */
  const ids: string[] = [];

  beforeEach(() => {
    [emptied.length, ids.length, refuses, sessions] = [0, 0, null, [{ id: 'a' }]];
    const store = { delete: (key: string) => ids.push(key) };
    const write = (name: string, work: (opened: typeof store) => void) => {
      if (name === refuses) return Promise.reject(new DOMException('No', 'AbortError'));
      return Promise.resolve(work(store)).then(() => void emptied.push(name));
    };
    Object.assign(globalThis, { IDBKeyRange: { bound: ([id]: [string]) => `sound of ${id}` } });
    jest.spyOn(LiveDatabase, 'open').mockResolvedValue({ write, read: () => Promise.resolve(sessions) } as unknown as LiveDatabase);
  });
  afterEach(() => Reflect.deleteProperty(globalThis, 'IDBKeyRange'));

  it('destroys with a session what was copied of its rest, unless that became a session', async () => {
    const shelf = TestBed.inject(SessionShelf);
    sessions = [{ id: 'a', rest: { id: 'rest' } }, { id: 'rest' }];
    expect(await shelf.remove('a')).toBe(true);
    expect(ids).toEqual(['sound of a', 'a', 'a']);
    ids.length = 0;
    sessions = [{ id: 'a', rest: { id: 'rest' } }];
    expect(await shelf.remove('a')).toBe(true);
    expect(ids).toEqual(['sound of rest', 'rest', 'sound of a', 'a', 'a']);
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
