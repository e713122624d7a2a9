import { Migration } from '@mikro-orm/migrations';

/** Stored audio: what is uploaded, what is kept, what is on its way out. The bytes themselves lie in the object store. */
export class Storage extends Migration {
  override up(): void {
    this.addSql(`create table "stored_object" (
      "id" uuid not null primary key,
      "owner_id" uuid not null constraint "stored_object_owner_id_foreign" references "app_user" ("id") on update cascade,
      "state" varchar(20) not null constraint "stored_object_state_check" check ("state" in ('uploading', 'stored', 'deleting')),
      "length_bytes" bigint null,
      "received_bytes" bigint not null default 0,
      "media_type" varchar(200) null,
      "metadata" jsonb not null default '{}',
      "wrapped_key" bytea null,
      "lease_holder" uuid null,
      "lease_until" timestamptz null,
      "lease_wanted" boolean not null default false,
      "created_at" timestamptz not null default now(),
      "expires_at" timestamptz null,
      "delivered_at" timestamptz null,
      constraint "stored_object_key_check" check (("wrapped_key" is null) = ("state" = 'deleting')),
      constraint "stored_object_length_check" check ("state" <> 'stored' or "length_bytes" is not null)
    )`);
    this.addSql(`create index "stored_object_owner_id_index" on "stored_object" ("owner_id")`);
    // The repair passes ask for unfinished rows every few seconds; finished ones, by far the most, are not in this index.
    this.addSql(`create index "stored_object_unfinished_index" on "stored_object" ("state") where "state" <> 'stored' or "delivered_at" is null`);
  }

  override down(): void {
    this.addSql('drop table "stored_object"');
  }
}
