import { Accounts } from './001-accounts.js';
import { Storage } from './002-storage.js';
import { Transcription } from './003-transcription.js';
import { Live } from './004-live.js';
import { SecondPass } from './005-second-pass.js';
import { LiveFailures } from './006-live-failures.js';
import { LiveSenders } from './007-live-senders.js';
import { LiveSentBy } from './008-live-sent-by.js';

/** Every migration, in the order in which they run; the names are written in the database and never change. */
export const migrations = [
  { name: '001-accounts', class: Accounts },
  { name: '002-storage', class: Storage },
  { name: '003-transcription', class: Transcription },
  { name: '004-live', class: Live },
  { name: '005-second-pass', class: SecondPass },
  { name: '006-live-failures', class: LiveFailures },
  { name: '007-live-senders', class: LiveSenders },
  { name: '008-live-sent-by', class: LiveSentBy },
];
