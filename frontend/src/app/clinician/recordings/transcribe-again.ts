import type { RecordingView } from '@auscult/contracts';
import type { ConfirmRequest } from '@auscult/ui';

/** What transcribing a recording again does, for whoever is asked; null where nothing that is there changes by it. */
export function againQuestion({ status, title, live, secondPass }: RecordingView): ConfirmRequest | null {
  if (status !== 'completed') return null;
  if (live === null) {
    return {
      title: 'Transcribe again?',
      text: `The transcript of “${title}” is written anew from the audio. One that was corrected is kept as it is.`,
      confirmLabel: 'Transcribe again',
      danger: true,
    };
  }
  if (secondPass?.state === 'failed') return null;
  return {
    title: 'Transcribe again?',
    text: `“${title}” is heard once more as a whole, and the words of lines that nobody has corrected are replaced.`,
    confirmLabel: 'Transcribe again',
  };
}

/** Why it cannot be asked for now; null when it can. */
export function againHindrance({ live, secondPass }: RecordingView, isCorrected: boolean): string | null {
  if (live === null) return isCorrected ? 'Not after corrections' : null;
  return secondPass?.state === 'queued' || secondPass?.state === 'running' ? 'Under way' : null;
}
