import { Migration } from '@mikro-orm/migrations';

export class Migration20261128140000_person_changes extends Migration {
  override name = 'Migration20261128140000_person_changes';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create index records_changed_people_index on records (changed_at desc, id) where kind = 'person' and changed_at is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "records_changed_people_index";`);
  }
}
