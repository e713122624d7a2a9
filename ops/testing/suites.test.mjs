import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseSuites, lanesOf, suites } from './suites.mjs';

const named = (words) => lanesOf(chooseSuites(words).chosen).map((lanes) => lanes.map((lane) => lane.map(({ project, kind }) => `${project} ${kind}`)));

describe('the order of the suites', () => {
  it('has what mostly waits beside the others, and what wants the machine alone after them', () => {
    const [together, alone, ...more] = named([]);
    assert.deepEqual(together[0], ['backend e2e']);
    assert.equal(together.length, 2);
    assert.deepEqual(alone, [['ops unit', 'frontend browser']]);
    assert.deepEqual(more, []);
  });

  it('leaves none out and runs none twice', () => {
    const all = named([]).flat(2);
    assert.deepEqual(all.toSorted(), suites.map(({ project, kind }) => `${project} ${kind}`).toSorted());
  });

  it('of a few is simple', () => {
    assert.deepEqual(named(['backend', 'unit']), [[['backend unit']]]);
    assert.deepEqual(named(['browser']), [[['frontend browser']]]);
  });
});
