import { Migration } from '@mikro-orm/migrations';

/** How often the transcription of a live session has failed at the same place. */
export class LiveFailures extends Migration {
  override up(): void {
    this.addSql('alter table live_session add column failures int not null default 0');
  }

  override down(): void {
    this.addSql('alter table live_session drop column failures');
  }
}
