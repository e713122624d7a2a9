import { Injectable, Logger } from '@nestjs/common';
import type { ReadinessView } from '@auscult/contracts';

/** A part that has not answered by then counts as down. */
const CHECK_TIMEOUT_MS = 2000;

/** Collects what /health/ready asks: each part registers one check, which rejects while the part is down. */
@Injectable()
export class HealthRegistry {
  private readonly logger = new Logger('Health');
  private readonly checks = new Map<string, () => Promise<void>>();

  register(part: string, check: () => Promise<void>): void {
    if (this.checks.has(part)) throw new Error(`The health of ${part} is registered twice`);
    this.checks.set(part, check);
  }

  async readiness(): Promise<ReadinessView> {
    const states = await Promise.all([...this.checks].map(async ([part, check]) => [part, await this.stateOf(part, check)] as const));
    return { status: states.every(([, state]) => state === 'up') ? 'up' : 'down', parts: Object.fromEntries(states) };
  }

  private async stateOf(part: string, check: () => Promise<void>): Promise<'up' | 'down'> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
    });
    try {
      await Promise.race([check(), tooLate]);
      return 'up';
    } catch (error) {
      this.logger.warn({ part, reason: error instanceof Error ? error.name : 'unknown' }, 'A part is not ready');
      return 'down';
    } finally {
      clearTimeout(timer);
    }
  }
}
