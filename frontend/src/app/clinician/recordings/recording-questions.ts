import type { ConfirmRequest, PromptRequest } from '@auscult/ui';
import { problemSentence } from '../../core/problem-message';

/** Asked on the list and on the transcript alike. `save` rejects when the title was not taken. */
export function askTitle(title: string, save: (title: string) => Promise<void>): PromptRequest {
  return { title: 'Rename recording', label: 'Title', value: title, confirmLabel: 'Rename', maxLength: 200, save, explain: problemSentence };
}

export function askToDelete(title: string): ConfirmRequest {
  return {
    title: 'Delete this recording?',
    text: `The audio and the transcript of “${title}” are destroyed. This cannot be undone.`,
    confirmLabel: 'Delete recording',
    danger: true,
  };
}
