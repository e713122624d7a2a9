import type { EntityManager } from '@mikro-orm/postgresql';
import { type StackOptions, TestStack, type WorkerProcess } from '../index.js';
import { Caller } from './caller.js';

/** Two clinicians of one practice and its admin, each signed in, and somebody who is not. */
export interface People {
  owner: Caller;
  intruder: Caller;
  admin: Caller;
  nobody: Caller;
}

/** The real application with the people that these tests need. */
export class TranscriptionStack {
  private constructor(
    readonly stack: TestStack,
    readonly people: People,
  ) {}

  static async start(options: StackOptions = {}): Promise<TranscriptionStack> {
    const stack = await TestStack.start(options);
    const signedIn = async (person: { role: 'admin' | 'clinician'; displayName: string }) => {
      const { token, id } = await stack.people.signedIn(person);
      return new Caller(stack.url, token, id);
    };
    const owner = await signedIn({ role: 'clinician', displayName: 'Dr. Clara Curie' });
    const intruder = await signedIn({ role: 'clinician', displayName: 'Dr. Noah Nye' });
    const admin = await signedIn({ role: 'admin', displayName: 'Ada Admin' });
    return new TranscriptionStack(stack, { owner, intruder, admin, nobody: new Caller(stack.url, null) });
  }

  get url(): string {
    return this.stack.url;
  }

  /** An entity manager that has seen nothing yet. */
  get em(): EntityManager {
    return this.stack.em;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.stack.api.get<T, T>(type, { strict: false });
  }

  startWorker(env: Record<string, string> = {}): Promise<WorkerProcess> {
    return this.stack.startWorkerProcess(env);
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}
