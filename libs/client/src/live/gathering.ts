/** What may be the end of an utterance is sent so many times sooner than what is surely not. */
const IN_A_PAUSE = 4;

/** So many frames are worth a message, when the server would like `gather` in each: somebody may wait for those of a pause. */
export const worthAMessage = (gather: number, inPause: boolean): number => (inPause ? Math.ceil(gather / IN_A_PAUSE) : gather);
