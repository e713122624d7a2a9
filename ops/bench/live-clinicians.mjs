// People who speak at the same time: one person may have few sessions open at once.
import { signIn } from '../live/account.mjs';

/** Below the server's limit of open sessions for each person (5), with room for one that is still being deleted. */
const SESSIONS_EACH = 4;

/** Clinicians of the demo practice, made as they are needed. */
export class Clinicians {
  #stack;
  #admin = null;
  #people = [];

  /** @param stack as startStack answers it: its password is that of all demo accounts */
  constructor(stack) {
    this.#stack = stack;
  }

  /** Who speaks in each of `count` sessions, with access tokens that are new. */
  async forSessions(count) {
    const needed = Math.ceil(count / SESSIONS_EACH);
    while (this.#people.length < needed) this.#people.push(await this.#engage(this.#people.length + 1));
    const people = this.#people.slice(0, needed);
    for (const { accessToken } of people) await accessToken.refresh();
    return Array.from({ length: count }, (_, session) => people[session % needed]);
  }

  async #engage(number) {
    const { url, password } = this.#stack;
    const email = `speaker${number}@demo.auscult.local`;
    this.#admin ??= await signIn(url, 'admin@demo.auscult.local', password);
    await this.#admin.client.users.create({ email, displayName: `Speaker ${number}`, role: 'clinician', password });
    return signIn(url, email, password);
  }
}
