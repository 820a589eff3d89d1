import { Migration } from '@mikro-orm/migrations';

/** What administrators look for in the list of users and in the security log. */
export class Migration20261129051145_searched_by_administrators extends Migration {
  override name = 'Migration20261129051145_searched_by_administrators';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql('create index "security_events_event_index" on "security_events" ("event", "at");');
    this.addSql(
      'create index "security_events_address_key_index" on "security_events" ("address_key", "at");',
    );
    this.addSql(
      'create index users_parts_index on users using gin (name gin_trgm_ops, email gin_trgm_ops) with (gin_pending_list_limit = 128);',
    );
  }

  override down(): void | Promise<void> {
    this.addSql('drop index "users_parts_index";');
    this.addSql('drop index "security_events_address_key_index";');
    this.addSql('drop index "security_events_event_index";');
  }
}
