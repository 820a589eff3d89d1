import { Migration } from '@mikro-orm/migrations';

export class Migration20261128071220_movie_parts extends Migration {
  override name = 'Migration20261128071220_movie_parts';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "genre_translations" ("genre_id" int not null, "language" varchar(5) not null, "name" text not null, "fetched_at" timestamptz not null, primary key ("genre_id", "language"));`,
    );
    this.addSql(`create index "genre_translations_fetched_at_index" on "genre_translations" ("fetched_at");`);

    this.addSql(
      `create table "movie_alternative_titles" ("movie_id" bigint not null, "position" smallint not null, "country" varchar(2) null, "title" text not null, "type" text null, primary key ("movie_id", "position"));`,
    );

    this.addSql(
      `create table "movie_parts" ("movie_id" bigint not null, "part" varchar(20) not null, "hash" bigint not null, "body" bytea not null, "fetched_at" timestamptz null, primary key ("movie_id", "part"));`,
    );
    // Packed already: PostgreSQL must not try it again.
    this.addSql(`alter table "movie_parts" alter column "body" set storage external;`);
    this.addSql(
      `create index movie_parts_fetched_at_index on movie_parts (fetched_at) where fetched_at is not null;`,
    );

    this.addSql(
      `create table "movie_translations" ("movie_id" bigint not null, "language" varchar(5) not null, "title" text null, "overview" text null, "tagline" text null, "homepage" text null, "runtime" int null, primary key ("movie_id", "language"));`,
    );

    this.addSql(`alter table "movie_relations" drop constraint "movie_relations_related_movie_id_foreign";`);

    this.addSql(`alter table "movies" add "parts_hash" bigint null, add "parts_version" int null;`);
    this.addSql(
      `create index movies_without_parts_index on movies (scope, popularity desc nulls last, id) where state = 'detailed' and parts_version is null;`,
    );
    this.addSql(
      `create index movies_parts_version_index on movies (parts_version, id) where state = 'detailed';`,
    );

    this.addSql(
      `alter table "genre_translations" add constraint "genre_translations_genre_id_foreign" foreign key ("genre_id") references "genres" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_alternative_titles" add constraint "movie_alternative_titles_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_parts" add constraint "movie_parts_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_translations" add constraint "movie_translations_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "genre_translations" cascade;`);
    this.addSql(`drop table if exists "movie_alternative_titles" cascade;`);
    this.addSql(`drop table if exists "movie_parts" cascade;`);
    this.addSql(`drop table if exists "movie_translations" cascade;`);

    this.addSql(
      `alter table "movie_relations" add constraint "movie_relations_related_movie_id_foreign" foreign key ("related_movie_id") references "movies" ("id") on delete cascade;`,
    );

    this.addSql(`drop index "movies_without_parts_index";`);
    this.addSql(`drop index "movies_parts_version_index";`);
    this.addSql(`alter table "movies" drop column "parts_hash", drop column "parts_version";`);
  }
}
