import { Migration } from '@mikro-orm/migrations';

/**
 * The second hearing of a live session. `second_pass_run_id` is the fencing token of the run that may write its result,
 * `second_pass_reached_ms` how far that run has listened.
 */
export class SecondPass extends Migration {
  override up(): void {
    this.addSql(`alter table recording
      add column second_pass_state varchar(20) not null default 'none'
        check (second_pass_state in ('none', 'queued', 'running', 'done', 'failed')),
      add column second_pass_run_id uuid,
      add column second_pass_attempts int not null default 0,
      add column second_pass_heartbeat_at timestamptz,
      add column second_pass_reached_ms int not null default 0,
      add column second_pass_engine varchar(100),
      add check ((second_pass_state = 'running') = (second_pass_run_id is not null)),
      add check (second_pass_state = 'none' or live_source is not null)`);
    this.addSql(`create index recording_second_pass on recording (second_pass_state) where second_pass_state in ('queued', 'running')`);
  }

  override down(): void {
    this.addSql(`alter table recording drop column second_pass_state, drop column second_pass_run_id, drop column second_pass_attempts,
      drop column second_pass_heartbeat_at, drop column second_pass_reached_ms, drop column second_pass_engine`);
  }
}
