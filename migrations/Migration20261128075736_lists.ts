import { Migration } from '@mikro-orm/migrations';

export class Migration20261128075736_lists extends Migration {
  override name = 'Migration20261128075736_lists';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "list_entries" ("list" varchar(16) not null, "region" varchar(2) not null, "rank" smallint not null, "movie_id" bigint not null, primary key ("list", "region", "rank"));`,
    );
    this.addSql(`create index "list_entries_movie_id_index" on "list_entries" ("movie_id");`);
    this.addSql(
      `alter table "list_entries" add constraint "list_entries_list_region_movie_id_unique" unique ("list", "region", "movie_id");`,
    );

    this.addSql(
      `create table "reference_documents" ("name" varchar(64) not null, "body" bytea not null, "fetched_at" timestamptz not null, primary key ("name"));`,
    );

    // Packed already: PostgreSQL must not try it again.
    this.addSql(`alter table "reference_documents" alter column "body" set storage external;`);

    this.addSql(`alter table "list_snapshots" add "dates" jsonb null;`);
    this.addSql(
      `alter table "list_snapshots" alter column "name" type varchar(64) using ("name"::varchar(64));`,
    );

    this.addSql(
      `alter table "list_entries" add constraint "list_entries_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "list_entries" cascade;`);
    this.addSql(`drop table if exists "reference_documents" cascade;`);

    this.addSql(`alter table "list_snapshots" drop column "dates";`);
    this.addSql(`delete from "list_snapshots" where length("name") > 32;`);
    this.addSql(
      `alter table "list_snapshots" alter column "name" type varchar(32) using ("name"::varchar(32));`,
    );
  }
}
