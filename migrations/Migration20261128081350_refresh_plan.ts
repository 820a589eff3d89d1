import { Migration } from '@mikro-orm/migrations';

export class Migration20261128081350_refresh_plan extends Migration {
  override name = 'Migration20261128081350_refresh_plan';

  override up(): void | Promise<void> {
    this.addSql(`alter table "movies" add "refresh_due_at" timestamptz null;`);
    this.addSql(
      `create index movies_refresh_due_at_index on movies (scope, refresh_due_at) where state = 'detailed';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "movies_refresh_due_at_index";`);
    this.addSql(`alter table "movies" drop column "refresh_due_at";`);
  }
}
