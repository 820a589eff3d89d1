import { Migration } from '@mikro-orm/migrations';

export class Migration20261128075945_changes extends Migration {
  override name = 'Migration20261128075945_changes';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "change_feeds" ("name" varchar(16) not null, "read_until" timestamptz not null, "gap_from" timestamptz null, "gap_until" timestamptz null, primary key ("name"));`,
    );

    this.addSql(
      `alter table "movies" add "changed_at" timestamptz null, add "change_seen_at" timestamptz null;`,
    );
    this.addSql(
      `create index movies_changed_at_index on movies (changed_at, id) where state = 'detailed' and changed_at is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "change_feeds" cascade;`);

    this.addSql(`drop index "movies_changed_at_index";`);
    this.addSql(`alter table "movies" drop column "changed_at", drop column "change_seen_at";`);
  }
}
