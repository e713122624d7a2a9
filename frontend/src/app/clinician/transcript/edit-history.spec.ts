import { EditHistory } from './edit-history';

const change = (label: string, log: string[], works = true) => ({
  label,
  undo: async () => (log.push(`undo ${label}`), works),
  redo: async () => (log.push(`redo ${label}`), works),
});

describe('EditHistory', () => {
  it('goes back and forth in order', async () => {
    const [history, log] = [new EditHistory(), [] as string[]];
    history.add(change('one', log));
    history.add(change('two', log));
    expect(await history.undo()).toMatchObject({ label: 'two' });
    expect(await history.undo()).toMatchObject({ label: 'one' });
    expect(await history.undo()).toBe('nothing');
    expect(await history.redo()).toMatchObject({ label: 'one' });
    expect(log).toEqual(['undo two', 'undo one', 'redo one']);
    expect([history.canUndo(), history.canRedo()]).toEqual([true, true]);
  });

  it('lets a redo wait for the undo that is still on its way', async () => {
    const [history, log] = [new EditHistory(), [] as string[]];
    history.add(change('one', log));
    const [, redone] = await Promise.all([history.undo(), history.redo()]);
    expect(redone).toMatchObject({ label: 'one' });
    expect(log).toEqual(['undo one', 'redo one']);
  });

  it('forgets what was undone when something new is done', async () => {
    const [history, log] = [new EditHistory(), [] as string[]];
    history.add(change('one', log));
    await history.undo();
    history.add(change('two', log));
    expect(history.canRedo()).toBe(false);
  });

  it('forgets a change that can no longer be undone', async () => {
    const [history, log] = [new EditHistory(), [] as string[]];
    history.add(change('one', log, false));
    expect(await history.undo()).toBe('impossible');
    expect([history.canUndo(), history.canRedo()]).toEqual([false, false]);
  });
});
