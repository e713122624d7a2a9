import type { LeaveQuestion } from '../../../core/leave-guard';

export const leaveQuestion: LeaveQuestion = {
  title: 'Leave the session?',
  text: 'Recording stops when you leave this page. The session is not over: the list of recordings offers to go on with it.',
  confirmLabel: 'Stop recording and leave',
};
