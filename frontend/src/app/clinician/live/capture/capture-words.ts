import type { SourceTrouble } from './sound-sources';

export interface TroubleWords {
  title: string;
  advice: string;
}

const words: Record<SourceTrouble, TroubleWords> = {
  'insecure': {
    title: 'The browser allows no microphone here',
    advice: 'Browsers give the microphone only to pages with https, or on the server’s own machine. Open Auscult by its https address, or ask its operator for one.',
  },
  'unsupported': { title: 'This browser cannot record', advice: 'Use a current Chrome, Edge, Firefox or Safari. Recording with another program and uploading the file works everywhere.' },
  'denied': {
    title: 'The microphone is not allowed',
    advice: 'Allow it in the browser: the sign left of the address, then Microphone, then Allow. The system’s own privacy settings must allow the browser too. Then try again.',
  },
  'no-device': { title: 'There is no microphone', advice: 'Connect one, or choose another. It appears in the list by itself.' },
  'busy': { title: 'The microphone does not answer', advice: 'Another program may be using it. Close that, or unplug the microphone and plug it in again, then try again.' },
  'no-shared-sound': {
    title: 'The call was shared without its sound',
    advice: 'Share it again: choose the tab of the call and leave “Also share tab audio” on. Windows and, on most systems, whole screens have no sound to share.',
  },
  'no-sharing': { title: 'This browser cannot share the sound of a call', advice: 'Use Chrome or Edge on a computer for telehealth, or put the call on a loudspeaker and choose “In the room”.' },
  'failed': { title: 'Recording could not begin', advice: 'Try again. If it happens again, load the page anew or use another browser.' },
};

/** What is wrong with the sound, and what to do. `sharing`: what was asked for was the sound of the call. */
export function troubleWords(trouble: SourceTrouble, sharing = false): TroubleWords {
  if (sharing && trouble === 'denied') return { title: 'The call’s sound was not shared', advice: 'Choose the tab of the call in the browser’s dialog and press Share.' };
  return words[trouble];
}
