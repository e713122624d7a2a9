import { aRecording } from '../transcript/testing/samples';
import { againHindrance, againQuestion } from './transcribe-again';

const live = { source: 'room', finishing: false } as const;
const passed = (state: 'queued' | 'running' | 'done' | 'failed') => aRecording({ live, secondPass: { state, progress: 0, engine: null } });

describe('transcribing again', () => {
  it('is asked about where words change by it', () => {
    expect(againQuestion(aRecording())?.danger).toBe(true);
    expect(againQuestion(aRecording({ live }))?.text).toContain('nobody has corrected');
    expect(againQuestion(passed('done'))).not.toBeNull();
    expect(againQuestion(passed('failed'))).toBeNull();
    expect(againQuestion(aRecording({ status: 'failed' }))).toBeNull();
  });

  it('is hindered by corrections of an upload, and of a live session only by itself', () => {
    expect(againHindrance(aRecording(), false)).toBeNull();
    expect(againHindrance(aRecording(), true)).toBe('Not after corrections');
    expect(againHindrance(aRecording({ live }), true)).toBeNull();
    expect(['queued', 'running', 'done', 'failed'].map((state) => againHindrance(passed(state as 'queued'), true))).toEqual(['Under way', 'Under way', null, null]);
  });
});
