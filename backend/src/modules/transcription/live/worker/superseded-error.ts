/** The session is no longer in this run's hands: forgotten in part, deleted, finished, or taken over. The run ends without a word. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
  constructor() {
    super('The live session is no longer in the hands of this run');
  }
}
