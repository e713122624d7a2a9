import { Injectable } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one lane. */
const ARGON2 = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords with argon2id, off the event loop. */
@Injectable()
export class Passwords {
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return hash(password, ARGON2);
  }

  /**
   * @param stored the hash on file, or null where there is no such person: then a decoy is checked, so that the answer takes as
   * long and nobody learns by the clock which email addresses exist
   */
  async matches(stored: string | null, password: string): Promise<boolean> {
    this.decoy ??= this.hash('nobody has this password');
    const matches = await verify(stored ?? (await this.decoy), password);
    return stored !== null && matches;
  }

  /** Prepares the decoy, so that the first wrong guess does not take longer than the next. */
  async onModuleInit(): Promise<void> {
    this.decoy ??= this.hash('nobody has this password');
    await this.decoy;
  }
}
