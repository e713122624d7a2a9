import { describe, expect, it } from '@jest/globals';
import { FakeRecognizer } from './fake-recognizer.js';
import { reserveMemory } from './reserve-memory.js';

describe('reserveMemory', () => {
  it('has the longest sound heard as many times at once as will be', async () => {
    const recognizer = new FakeRecognizer();
    await reserveMemory(recognizer, 16_000, 3);
    expect(recognizer.heard).toEqual([{ samples: 16_000 }, { samples: 16_000 }, { samples: 16_000 }]);
    expect(recognizer.mostInFlight).toBe(3);
  });
});
