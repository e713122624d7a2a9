import { randomBytes, randomUUID } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Role } from '@auscult/contracts';
import { Passwords } from './passwords.service.js';
import { Practice } from './practice.entity.js';
import { User } from './user.entity.js';

/** Fixed, so that a second start finds the practice of the first. */
const DEMO_PRACTICE_ID = '6d0c3f5e-1d8c-4f0a-9f5b-2f1f0c9c7a01';

const people: readonly { email: string; displayName: string; role: Role }[] = [
  { email: 'admin@demo.auscult.local', displayName: 'Ada Admin', role: 'admin' },
  { email: 'clinician1@demo.auscult.local', displayName: 'Dr. Clara Curie', role: 'clinician' },
  { email: 'clinician2@demo.auscult.local', displayName: 'Dr. Noah Nye', role: 'clinician' },
];

/** One person of the demo practice, as told to whoever starts it. */
export interface DemoAccount {
  email: string;
  displayName: string;
  role: Role;
  /** Null: as it was set by an earlier start. */
  password: string | null;
}

/** A practice with an admin and two clinicians to try things out with. */
@Injectable()
export class DemoPractice {
  constructor(
    private readonly em: EntityManager,
    private readonly passwords: Passwords,
  ) {}

  /**
   * Makes what is missing; what is there stays, except that a given password is set again.
   * @param password for all of them, or null to generate one for each new person
   */
  async provision(password: string | null): Promise<DemoAccount[]> {
    const practice = await this.practice();
    const accounts: DemoAccount[] = [];
    for (const person of people) accounts.push({ ...person, password: await this.person(practice, person, password) });
    await this.em.flush();
    return accounts;
  }

  private async practice(): Promise<Practice> {
    const known = await this.em.findOne(Practice, { id: DEMO_PRACTICE_ID });
    if (known) return known;
    const practice = this.em.create(Practice, { id: DEMO_PRACTICE_ID, name: 'Demo practice', createdAt: new Date() });
    this.em.persist(practice);
    return practice;
  }

  private async person(practice: Practice, person: (typeof people)[number], given: string | null): Promise<string | null> {
    const known = await this.em.findOne(User, { email: person.email }, { populate: ['passwordHash'] });
    if (known) {
      if (given && !(await this.passwords.matches(known.passwordHash, given))) known.passwordHash = await this.passwords.hash(given);
      return given;
    }
    const password = given ?? randomBytes(12).toString('base64url');
    const passwordHash = await this.passwords.hash(password);
    this.em.persist(this.em.create(User, { id: randomUUID(), practice, ...person, passwordHash, createdAt: new Date() }));
    return password;
  }
}
