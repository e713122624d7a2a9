import { randomUUID } from 'node:crypto';
import { MikroORM } from '@mikro-orm/core';
import { hash } from '@node-rs/argon2';
import { type Role, SessionView } from '@auscult/contracts';
import { Practice, User } from '../src/modules/users/index.js';
import { SignedIn } from './signed-in.js';

export const TEST_PASSWORD = 'correct horse battery';

/** Weak on purpose: what is tested is not how long a hash takes. */
const QUICK = { memoryCost: 8, timeCost: 1, parallelism: 1 };

export interface NewPerson {
  role?: Role;
  email?: string;
  displayName?: string;
  /** Of the same practice as everybody else, unless another one is given. */
  practiceId?: string;
}

/** Adds people and signs them in over HTTP. */
export class TestPeople {
  private home: string | undefined;
  private passwordHash: Promise<string> | undefined;

  constructor(
    private readonly url: string,
    private readonly orm: MikroORM,
  ) {}

  async addPractice(name = 'Practice'): Promise<string> {
    const em = this.orm.em.fork();
    const id = randomUUID();
    em.persist(em.create(Practice, { id, name, createdAt: new Date() }));
    await em.flush();
    return id;
  }

  /** A person with `TEST_PASSWORD`. */
  async add(person: NewPerson = {}): Promise<{ id: string; email: string; practiceId: string; role: Role }> {
    const em = this.orm.em.fork();
    this.home ??= await this.addPractice();
    this.passwordHash ??= hash(TEST_PASSWORD, QUICK);
    const { role = 'clinician', practiceId = this.home, displayName = 'Dr. Test', email = `${randomUUID()}@example.org` } = person;
    const id = randomUUID();
    const passwordHash = await this.passwordHash;
    em.persist(em.create(User, { id, practice: em.getReference(Practice, practiceId), email, displayName, role, passwordHash, createdAt: new Date() }));
    await em.flush();
    return { id, email, practiceId, role };
  }

  /** Adds a person and signs her in. */
  async signedIn(person: NewPerson = {}): Promise<SignedIn> {
    const { email } = await this.add(person);
    return this.signIn(email);
  }

  async signIn(email: string, password = TEST_PASSWORD): Promise<SignedIn> {
    const response = await fetch(`${this.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (!response.ok) throw new Error(`Sign-in answered ${response.status}`);
    return new SignedIn(this.url, SessionView.parse(await response.json()), response.headers.getSetCookie().join('; '));
  }
}
