import { CommandQueue } from './command-queue.js';
import type { LiveCommand } from './live-commands.js';
import { MemoryCommandStore } from './testing/session-harness.js';

const forget = (until: number): LiveCommand => ({ kind: 'forget', forget: { markerId: 'a', minutes: 1, until } });
const nothing = { commands: [], moves: [] };

describe('CommandQueue', () => {
  it('keeps what was delivered and is not done here, by the numbers that frames have by now', async () => {
    const store = new MemoryCommandStore();
    const queue = new CommandQueue(store);
    queue.goOn(nothing, []);
    const command = forget(800);
    let done: () => void = () => undefined;
    queue.add(command);
    queue.delivered(command, new Promise((resolve) => (done = resolve)));
    await queue.move(100, 130);
    expect(queue.forgets).toEqual([]);
    expect([await store.load(), await store.moves()]).toEqual([[forget(830)], [{ from: 100, to: 130 }]]);
    done();
    await store.until((commands) => commands.length === 0);
  });

  it('overwrites nothing of a store that does not answer', async () => {
    const store = new MemoryCommandStore();
    await store.save([forget(10)]);
    const queue = new CommandQueue({ save: (commands) => store.save(commands), load: () => Promise.reject(new Error('Not readable')) });
    queue.add(forget(20));
    expect(await queue.left()).toBeNull();
    await queue.close();
    expect(await store.load()).toEqual([forget(10)]);
  });
});
