import { Embeddable, Property } from '@mikro-orm/decorators/legacy';
import { ProblemError } from '../../platform/http/index.js';
import { type Claimable, MAX_FRUITLESS_ATTEMPTS, isPresumedDead } from './run-hold.js';

type State = 'none' | 'queued' | 'running' | 'done' | 'failed';

/**
 * The second hearing of a completed live session: `none` -> `queued` -> `running` -> `done` or `failed`, from where it may be asked for
 * again. The methods are the only way from one state to another. Its result is written at once or not at all, so there is no checkpoint.
 */
@Embeddable()
export class SecondPass implements Claimable {
  @Property({ type: 'string' })
  state: State = 'none';

  /** Fencing token: only the run that holds it may write. */
  @Property({ type: 'uuid', nullable: true })
  runId: string | null = null;

  /** Claims that came to nothing. */
  @Property({ type: 'integer' })
  attempts = 0;

  @Property({ type: 'datetime', nullable: true })
  heartbeatAt: Date | null = null;

  @Property({ type: 'integer' })
  reachedMs = 0;

  /** The model of the run that listens now, or listened last. */
  @Property({ type: 'string', nullable: true })
  engine: string | null = null;

  /** @throws ProblemError `recording-state` while it is under way */
  ask(): void {
    if (this.state === 'queued' || this.state === 'running') throw new ProblemError('recording-state', 'The session is being heard once more already.');
    this.attempts = 0;
    this.reachedMs = 0;
    this.engine = null;
    this.end('queued');
  }

  claim(runId: string, now: Date): 'claimed' | 'taken' | 'given-up' {
    if (!this.isClaimable(now)) return 'taken';
    if (this.attempts >= MAX_FRUITLESS_ATTEMPTS) {
      this.end('failed');
      return 'given-up';
    }
    this.state = 'running';
    this.runId = runId;
    this.attempts += 1;
    this.heartbeatAt = now;
    this.reachedMs = 0;
    return 'claimed';
  }

  beat(reachedMs: number, now: Date): void {
    this.reachedMs = reachedMs;
    this.heartbeatAt = now;
  }

  finish(): void {
    this.end('done');
  }

  fail(): void {
    this.end('failed');
  }

  /** The run stops without a result; another one begins anew. An orderly stop does not count as a fruitless attempt. */
  release(reason: 'shutdown' | 'fault'): void {
    if (reason === 'shutdown') this.attempts = Math.max(0, this.attempts - 1);
    this.end(this.attempts >= MAX_FRUITLESS_ATTEMPTS ? 'failed' : 'queued');
  }

  abandon(now: Date): boolean {
    if (this.state === 'queued' && this.attempts > 0) this.end('failed');
    else if (this.isClaimable(now) && this.attempts >= MAX_FRUITLESS_ATTEMPTS) this.end('failed');
    return this.state === 'failed';
  }

  private isClaimable(now: Date): boolean {
    return this.state === 'queued' || (this.state === 'running' && isPresumedDead(this.heartbeatAt, now));
  }

  private end(state: State): void {
    this.state = state;
    this.runId = null;
    this.heartbeatAt = null;
  }
}
