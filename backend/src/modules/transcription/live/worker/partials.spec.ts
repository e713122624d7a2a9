import type { LivePartial } from '@auscult/contracts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Partials } from './partials.js';

const partial = (tentative: string, channel = 0): LivePartial => ({ recordingId: 'r', channel, startMs: 0, endMs: 100, firm: '', tentative });

let told: string[];
let partials: Partials;
beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  partials = new Partials(({ tentative }) => told.push(tentative));
});
afterEach(() => {
  partials.stop();
  jest.useRealTimers();
});

describe('Partials', () => {
  it('tells the first at once and of those that come too soon the newest', () => {
    for (const text of ['a', 'a b', 'a b c']) partials.show(partial(text));
    expect(told).toEqual(['a']);
    jest.runAllTimers();
    expect(told).toEqual(['a', 'a b c']);
  });

  it('does not make one channel wait for the other', () => {
    partials.show(partial('a'));
    partials.show(partial('x', 1));
    expect(told).toEqual(['a', 'x']);
  });

  it('tells nothing that was overtaken by the final', () => {
    partials.show(partial('a'));
    partials.show(partial('a b'));
    partials.drop(0);
    jest.runAllTimers();
    expect(told).toEqual(['a']);
  });

  it('tells nothing after it was stopped', () => {
    partials.show(partial('a'));
    partials.show(partial('a b'));
    partials.stop();
    jest.runAllTimers();
    expect(told).toEqual(['a']);
  });
});
