import type { LiveSendState } from '@auscult/client';
import type { IconName } from '@auscult/ui';
import { spanWords } from '../span-words';

export interface ConnectionWords {
  icon: IconName;
  tone: 'calm' | 'busy' | 'warning';
  /** For the eye; changes with every second. */
  text: string;
  /** For screen readers: only what is new. */
  spoken: string;
}

/** Where the sound is, in words. */
export function connectionWords(state: LiveSendState): ConnectionWords {
  const waiting = spanWords(state.unsent);
  switch (state.phase) {
    case 'connecting':
      return same('clock', 'busy', 'Connecting. Everything is kept on this device');
    case 'sending':
      return same('check-circle', 'calm', 'Up to date');
    case 'catching-up':
      return { icon: 'upload', tone: 'busy', text: `${waiting} kept on this device, sending`, spoken: 'What was kept on this device is being sent' };
    case 'offline': {
      const refused = isRefusal(state.problem);
      const spoken = `${refused ? 'The server takes nothing just now' : 'No network'}: everything is kept on this device`;
      return { icon: refused ? 'alert' : 'cloud-off', tone: 'warning', text: state.unsent < 10 ? spoken : `${spoken} (${waiting})`, spoken };
    }
    case 'finishing':
      return state.unsent > 0
        ? { icon: 'upload', tone: 'busy', text: `${waiting} kept on this device, sending`, spoken: 'Sending what is left' }
        : same('pencil', 'busy', 'Writing the last words');
    case 'finished':
      return same('check-circle', 'calm', 'Everything is stored');
    case 'replaced':
      return same('users', 'warning', 'Another window or device records now');
    case 'refused':
      return state.problem?.code === 'live-ended' ? same('check-circle', 'calm', 'The session is over') : same('alert', 'warning', 'The server does not take this session');
  }
}

/** The server answers: it is not the network. */
const isRefusal = (problem: LiveSendState['problem']): boolean => problem !== null && !['spool-failed', 'too-long', 'sign-in-required'].includes(problem.code);

function same(icon: IconName, tone: ConnectionWords['tone'], text: string): ConnectionWords {
  return { icon, tone, text, spoken: text };
}
