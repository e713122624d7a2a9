import { Migration } from '@mikro-orm/migrations';

/**
 * Live sessions. A recording with `live_source` is, or was, made live; `live_frames` is what its sender announced at the end.
 * `live_session` exists while the recording is `live`: `writer` counts the senders that took it over, `run_id` fences the worker
 * that holds the lease. `live_track` is the checkpoint of each channel. `audio_part` tiles the sound of each channel; a part
 * without an object is silence.
 */
export class Live extends Migration {
  override up(): void {
    this.addSql('alter table recording add column live_source varchar(20), add column live_frames int');
    this.addSql('alter table recording drop constraint recording_status_check');
    this.addSql(`alter table recording add constraint recording_status_check
      check (status in ('live', 'queued', 'transcribing', 'completed', 'failed', 'cancelled'))`);

    this.addSql(`create table live_session (
      recording_id uuid primary key references recording (id) on delete cascade,
      writer int not null default 1,
      run_id uuid,
      lease_until timestamptz,
      last_heard_at timestamptz not null default now()
    )`);
    this.addSql(`create table live_track (
      recording_id uuid not null references recording (id) on delete cascade,
      channel smallint not null,
      stored_samples int not null default 0,
      next_utterance int not null default 0,
      primary key (recording_id, channel)
    )`);
    this.addSql(`create table marker (
      id uuid primary key,
      recording_id uuid not null references recording (id) on delete cascade,
      kind varchar(20) not null check (kind in ('marker', 'pause', 'off-record')),
      at_ms int not null,
      duration_ms int,
      label varchar(200),
      created_at timestamptz not null default now()
    )`);
    this.addSql('create index marker_in_time on marker (recording_id, at_ms)');
    this.addSql(`create table audio_part (
      audio_id uuid not null,
      channel smallint not null,
      start_sample int not null,
      sample_count int not null check (sample_count > 0),
      object_id uuid references stored_object (id),
      primary key (audio_id, channel, start_sample)
    )`);
    this.addSql('create index audio_part_object on audio_part (object_id)');
  }

  override down(): void {
    this.addSql('drop table if exists audio_part, marker, live_track, live_session');
    this.addSql(`delete from recording where live_source is not null`);
    this.addSql('alter table recording drop constraint recording_status_check, drop column live_source, drop column live_frames');
    this.addSql(`alter table recording add constraint recording_status_check
      check (status in ('queued', 'transcribing', 'completed', 'failed', 'cancelled'))`);
  }
}
