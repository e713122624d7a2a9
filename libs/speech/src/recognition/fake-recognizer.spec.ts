import { describe, expect, it } from '@jest/globals';
import { noise, seconds } from '../testing/sounds.js';
import { FakeRecognizer } from './fake-recognizer.js';
import { describeRecognizer } from './recognizer.contract.js';

const speech = () => Promise.resolve(noise(seconds(3), 0.2));
const words = ['one', 'two', 'three', 'four'].map((text, i) => ({ text, startMs: i * 500, endMs: i * 500 + 400 }));

describeRecognizer('FakeRecognizer', { create: () => Promise.resolve(new FakeRecognizer()), speech });
describeRecognizer('FakeRecognizer with word times', {
  create: () => Promise.resolve(new FakeRecognizer(() => ({ text: 'one two three four', words }), { wordTimes: true })),
  speech,
});

describe('FakeRecognizer', () => {
  it('says its script line by line, then nothing', async () => {
    const fake = new FakeRecognizer(['first', { text: 'second' }]);
    const said = [];
    for (let i = 0; i < 3; i += 1) said.push((await fake.recognize(noise(seconds(1), 0.1))).text);
    expect(said).toEqual(['first', 'second', '']);
    expect(fake.heard).toHaveLength(3);
  });

  it('fails when the script says so', async () => {
    const fake = new FakeRecognizer([{ error: new Error('engine fell over') }]);
    await expect(fake.recognize(noise(seconds(1), 0.1))).rejects.toThrow('engine fell over');
  });

  it('counts what is in flight at once', async () => {
    const fake = new FakeRecognizer(() => ({ text: 'a', delayMs: 5 }));
    await Promise.all(Array.from({ length: 3 }, () => fake.recognize(noise(seconds(1), 0.1))));
    expect(fake.mostInFlight).toBe(3);
  });
});
