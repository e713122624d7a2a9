import { recordingRow } from '../../../testing/views';
import { filterFrom, matches, paramsOf } from './recording-filter';

describe('filterFrom', () => {
  it('reads an address', () => {
    expect(filterFrom({ search: ' intake ', status: 'failed', page: '3' })).toEqual({ search: 'intake', status: 'failed', page: 3 });
  });

  it.each([{ page: '-1' }, { page: '1.5' }, { page: 'x' }, { page: '1e9' }, { status: 'unheard' }, {}])('takes %p for the whole list', (params) => {
    expect(filterFrom(params)).toEqual({ search: '', status: null, page: 1 });
  });

  it('writes only what is set', () => {
    expect(paramsOf({ search: '', status: null, page: 1 })).toEqual({ search: null, status: null, page: null });
    expect(paramsOf({ search: 'a', status: 'queued', page: 2 })).toEqual({ search: 'a', status: 'queued', page: 2 });
  });
});

describe('matches', () => {
  it('looks at the title in any case and at the status', () => {
    const row = recordingRow({ title: 'Intake, Tuesday', status: 'failed' });
    expect(matches({ search: 'TUES', status: 'failed', page: 1 }, row)).toBe(true);
    expect(matches({ search: 'TUES', status: 'queued', page: 1 }, row)).toBe(false);
    expect(matches({ search: 'Wed', status: null, page: 1 }, row)).toBe(false);
  });
});
