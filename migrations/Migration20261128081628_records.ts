import { Migration } from '@mikro-orm/migrations';

export class Migration20261128081628_records extends Migration {
  override name = 'Migration20261128081628_records';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "person_credits" ("person_id" int not null, "credit_id" varchar(64) not null, "movie_id" bigint not null, "kind" varchar(8) not null, "character" text null, "department" text null, "job" text null, "position" int not null, primary key ("person_id", "credit_id"));`,
    );
    this.addSql(`create index "person_credits_movie_id_index" on "person_credits" ("movie_id");`);

    this.addSql(
      `create table "records" ("kind" varchar(12) not null, "id" int not null, "state" varchar(8) not null default 'unknown', "hash" bigint null, "fetched_at" timestamptz null, "changed_at" timestamptz null, "attempted_at" timestamptz null, "first_absent_at" timestamptz null, "last_absent_at" timestamptz null, "gone_at" timestamptz null, primary key ("kind", "id"));`,
    );
    this.addSql(`create index "records_fetched_at_index" on "records" ("fetched_at");`);
    this.addSql(`create index records_changed_index on records (changed_at) where changed_at > fetched_at;`);

    this.addSql(
      `create table "record_parts" ("kind" varchar(12) not null, "id" int not null, "part" varchar(20) not null, "body" bytea not null, primary key ("kind", "id", "part"));`,
    );

    // Packed already: PostgreSQL must not try it again.
    this.addSql(`alter table "record_parts" alter column "body" set storage external;`);

    this.addSql(
      `alter table "person_credits" add constraint "person_credits_person_id_foreign" foreign key ("person_id") references "people" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "person_credits" add constraint "person_credits_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "person_credits" add constraint "person_credits_kind_check" check (kind in ('cast', 'crew'));`,
    );

    this.addSql(
      `alter table "records" add constraint "records_kind_check" check (kind in ('person', 'collection', 'company'));`,
    );
    this.addSql(
      `alter table "records" add constraint "records_state_check" check (state in ('unknown', 'detailed', 'gone'));`,
    );

    this.addSql(
      `alter table "record_parts" add constraint "record_parts_kind_id_foreign" foreign key ("kind", "id") references "records" ("kind", "id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "record_parts" drop constraint "record_parts_kind_id_foreign";`);

    this.addSql(`drop table if exists "person_credits" cascade;`);
    this.addSql(`drop table if exists "records" cascade;`);
    this.addSql(`drop table if exists "record_parts" cascade;`);
  }
}
