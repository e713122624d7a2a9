import { Migration } from '@mikro-orm/migrations';

/** `sender` is who opened the session last, as it calls itself: an opening whose answer was lost is then known to be its own. */
export class LiveSenders extends Migration {
  override up(): void {
    this.addSql('alter table live_session add column sender uuid');
  }

  override down(): void {
    this.addSql('alter table live_session drop column sender');
  }
}
