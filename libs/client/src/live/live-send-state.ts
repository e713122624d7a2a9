import type { ProblemCode } from '@auscult/contracts';

/**
 * `connecting`: the server has not been reached yet. `sending`: it has what was spoken but for a moment. `catching-up`: more than
 * that waits here and is being sent. `offline`: no connection, everything is kept here. `finishing`: finish was said, not everything is
 * durable yet. The last three are final: `finished`; `replaced`: another window or device has the session now; `refused`: the server
 * does not take it, see `problem`. What was not stored stays in the spool.
 */
export type LiveSendPhase = 'connecting' | 'sending' | 'catching-up' | 'offline' | 'finishing' | 'finished' | 'replaced' | 'refused';

/**
 * `spool-failed`: frames cannot be written to the spool; they are held in memory and tried again; or the commands
 * that were kept cannot be read, and nothing is sent before they can. `too-long`: 8 hours were reached and the session finished itself.
 * `sign-in-required`: the server lets nobody in until there is a new token: get one and call `realtime.connect()`; everything is kept meanwhile.
 */
export interface LiveSendProblem {
  code: ProblemCode | 'spool-failed' | 'too-long';
  message: string;
}

export interface LiveSendState {
  phase: LiveSendPhase;
  /** Frames that the server has. */
  received: number;
  /** Frames that are durable there. */
  stored: number;
  /** Frames kept here because they are not durable on the server yet, each 100 ms. */
  kept: number;
  /** Frames that the server does not have yet, each 100 ms: "12 s kept on this device, sending". */
  unsent: number;
  paused: boolean;
  /** So many requests to put something off the record wait for the server: it is silent here, and there as soon as the server can be reached. */
  forgetting: number;
  /** So many requests to put something off the record the server has not taken, and never will: that is still in the recording. */
  unforgotten: number;
  /** Why it does not go on, or what the server refused last; null when all is well. */
  problem: LiveSendProblem | null;
}
