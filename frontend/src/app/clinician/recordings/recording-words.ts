import { transcriptionNotices, type RecordingView } from '@auscult/contracts';
import type { IconName, StatusTone } from '@auscult/ui';

export interface StatusWords {
  label: string;
  tone: StatusTone;
  icon: IconName;
  /** Something is going on. */
  live: boolean;
}

/** The state of a recording in words and looks. */
export function statusWords(recording: RecordingView): StatusWords {
  switch (recording.status) {
    case 'live':
      return recording.live?.finishing
        ? { label: 'Finishing', tone: 'accent', icon: 'waveform', live: true }
        : { label: 'On air', tone: 'danger', icon: 'mic', live: true };
    case 'queued':
      return { label: 'Waiting', tone: 'neutral', icon: 'clock', live: true };
    case 'transcribing':
      return { label: `Transcribing ${Math.floor(recording.progress * 100)} %`, tone: 'accent', icon: 'waveform', live: true };
    case 'failed':
      return { label: 'Failed', tone: 'danger', icon: 'alert', live: false };
    case 'cancelled':
      return { label: 'Cancelled', tone: 'neutral', icon: 'stop', live: false };
    case 'completed':
      return recording.notices.includes('no-speech')
        ? { label: 'No speech', tone: 'warning', icon: 'info', live: false }
        : { label: 'Ready', tone: 'success', icon: 'check', live: false };
  }
}

const numbers = new Intl.NumberFormat();

export function wordsText(count: number): string {
  return `${numbers.format(count)} ${count === 1 ? 'word' : 'words'}`;
}

/** The line below a title that says what is wrong or worth knowing; null when there is nothing to say. */
export function remark(recording: RecordingView): string | null {
  if (recording.status === 'failed') return recording.failure?.message ?? 'Transcription stopped. Try again.';
  const [notice] = recording.notices;
  return (recording.status === 'completed' || recording.status === 'live') && notice !== undefined ? transcriptionNotices[notice] : null;
}

export function isRunning(recording: RecordingView): boolean {
  return recording.status === 'queued' || recording.status === 'transcribing';
}
