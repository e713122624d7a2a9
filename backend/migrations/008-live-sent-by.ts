import { Migration } from '@mikro-orm/migrations';

/** What senders that were replaced had sent by then: Redis may be emptied, and forgets a session that is over. */
export class LiveSentBy extends Migration {
  override up(): void {
    this.addSql('alter table recording add column live_sent_by jsonb');
  }

  override down(): void {
    this.addSql('alter table recording drop column live_sent_by');
  }
}
