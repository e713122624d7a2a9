import { Migration } from '@mikro-orm/migrations';

/** Practices, the people who work there, and where they are signed in. */
export class Accounts extends Migration {
  override up(): void {
    this.addSql(`create table "practice" (
      "id" uuid not null primary key,
      "name" varchar(200) not null,
      "created_at" timestamptz not null
    )`);
    this.addSql(`create table "app_user" (
      "id" uuid not null primary key,
      "practice_id" uuid not null constraint "app_user_practice_id_foreign" references "practice" ("id"),
      "email" varchar(254) not null constraint "app_user_email_unique" unique,
      "display_name" varchar(120) not null,
      "role" varchar(20) not null,
      "password_hash" varchar(255) not null,
      "created_at" timestamptz not null
    )`);
    this.addSql(`create index "app_user_practice_id_index" on "app_user" ("practice_id")`);
    this.addSql(`create table "user_session" (
      "id" uuid not null primary key,
      "user_id" uuid not null constraint "user_session_user_id_foreign" references "app_user" ("id") on delete cascade,
      "created_at" timestamptz not null,
      "expires_at" timestamptz not null,
      "revoked_at" timestamptz null
    )`);
    this.addSql(`create index "user_session_user_id_index" on "user_session" ("user_id")`);
    this.addSql(`create table "refresh_token" (
      "id" uuid not null primary key,
      "session_id" uuid not null constraint "refresh_token_session_id_foreign" references "user_session" ("id") on delete cascade,
      "token_hash" bytea not null constraint "refresh_token_token_hash_unique" unique,
      "created_at" timestamptz not null,
      "used_at" timestamptz null
    )`);
    this.addSql(`create index "refresh_token_session_id_index" on "refresh_token" ("session_id")`);
  }

  override down(): void {
    this.addSql('drop table "refresh_token", "user_session", "app_user", "practice"');
  }
}
