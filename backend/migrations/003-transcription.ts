import { Migration } from '@mikro-orm/migrations';

/**
 * Recordings and what was said in them. A recording has the id of its stored object. `run_id` is the fencing token of the
 * run that may write; `utterances_done` is the checkpoint that a retry continues after.
 */
export class Transcription extends Migration {
  override up(): void {
    this.addSql(`create table recording (
      id uuid primary key,
      owner_id uuid not null references app_user (id),
      title varchar(200) not null,
      status varchar(20) not null default 'queued'
        check (status in ('queued', 'transcribing', 'completed', 'failed', 'cancelled')),
      media_type varchar(200) not null,
      size_bytes bigint not null,
      duration_ms int,
      channel_count smallint,
      transcribed_ms int not null default 0,
      utterances_done int not null default 0,
      word_count int not null default 0,
      engine varchar(100),
      failure_code varchar(40),
      notices text[] not null default '{}',
      waveform_bin_ms int,
      waveform_peaks bytea,
      run_id uuid,
      attempts int not null default 0,
      heartbeat_at timestamptz,
      created_at timestamptz not null,
      started_at timestamptz,
      completed_at timestamptz,
      check ((status = 'transcribing') = (run_id is not null)),
      check ((status = 'failed') = (failure_code is not null))
    )`);
    this.addSql('create index recording_owner_newest on recording (owner_id, created_at desc, id)');
    this.addSql(`create index recording_unfinished on recording (status) where status in ('queued', 'transcribing')`);

    this.addSql(`create table speaker (
      id uuid primary key,
      recording_id uuid not null references recording (id) on delete cascade,
      position int not null,
      name varchar(80) not null,
      channel smallint,
      unique (recording_id, position),
      unique (recording_id, channel)
    )`);

    this.addSql(`create table segment (
      id uuid primary key,
      recording_id uuid not null references recording (id) on delete cascade,
      utterance_index int not null,
      channel smallint not null,
      speaker_id uuid not null references speaker (id) on delete cascade,
      start_ms int not null,
      end_ms int not null,
      text text not null,
      words jsonb not null,
      word_timing varchar(10) not null check (word_timing in ('engine', 'estimated')),
      revision int not null default 0,
      corrected_at timestamptz,
      created_at timestamptz not null,
      unique (recording_id, utterance_index)
    )`);
    this.addSql('create index segment_in_time on segment (recording_id, start_ms, utterance_index)');
    this.addSql('create index segment_speaker on segment (speaker_id)');

    this.addSql(`create table segment_revision (
      id uuid primary key,
      segment_id uuid not null references segment (id) on delete cascade,
      revision int not null,
      text text not null,
      words jsonb not null,
      word_timing varchar(10) not null,
      speaker_id uuid not null references speaker (id) on delete cascade,
      author_id uuid references app_user (id),
      created_at timestamptz not null,
      unique (segment_id, revision)
    )`);
    this.addSql('create index segment_revision_speaker on segment_revision (speaker_id)');
  }

  override down(): void {
    this.addSql('drop table if exists segment_revision, segment, speaker, recording');
  }
}
