import type { RealtimeClient } from '../realtime-client.js';

/** What a live session needs of the realtime client. */
export type LiveConnection = Pick<RealtimeClient, 'state' | 'connect' | 'restart' | 'request' | 'on' | 'onStateChange' | 'watchTranscript'>;
