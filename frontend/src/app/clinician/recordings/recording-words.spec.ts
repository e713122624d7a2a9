import { recordingRow } from '../../../testing/views';
import { remark } from './recording-words';

describe('remark', () => {
  it('tells of words that are missing, during a session and after it', () => {
    for (const status of ['live', 'completed'] as const) {
      expect(remark(recordingRow({ status, notices: ['words-missing'] }))).toContain('could not be recognised');
      expect(remark(recordingRow({ status }))).toBeNull();
    }
  });

  it('says why a recording failed, and nothing of one that waits', () => {
    expect(remark(recordingRow({ status: 'failed', failure: { code: 'audio-damaged', message: 'The file is damaged.' } }))).toBe('The file is damaged.');
    expect(remark(recordingRow({ status: 'queued', notices: ['no-speech'] }))).toBeNull();
  });
});
