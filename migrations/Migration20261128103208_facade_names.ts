import { Migration } from '@mikro-orm/migrations';

export class Migration20261128103208_facade_names extends Migration {
  override name = 'Migration20261128103208_facade_names';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "companies" ("id" int not null, "name" text not null, "logo_path" varchar(255) null, "origin_country" text not null, "fetched_at" timestamptz not null, "words" tsvector generated always as (to_tsvector('simple', translate(search_text(name), '|', ' '))) stored not null, primary key ("id"));`,
    );
    this.addSql(`create index "companies_fetched_at_index" on "companies" ("fetched_at");`);
    this.addSql(`create index companies_words_index on companies using gin (words);`);

    this.addSql(
      `create table "upstream_searches" ("key" varchar(200) not null, "asked_at" timestamptz not null, "found" int null, primary key ("key"));`,
    );
    this.addSql(`create index "upstream_searches_asked_at_index" on "upstream_searches" ("asked_at");`);

    this.addSql(
      `alter table "collections" add "words" tsvector generated always as (to_tsvector('simple', translate(search_text(name), '|', ' '))) stored not null;`,
    );
    this.addSql(`create index collections_words_index on collections using gin (words);`);

    this.addSql(
      `alter table "keywords" add "words" tsvector generated always as (to_tsvector('simple', translate(search_text(name), '|', ' '))) stored not null;`,
    );
    this.addSql(`create index keywords_words_index on keywords using gin (words);`);

    this.addSql(
      `create index movies_change_seen_at_index on movies (change_seen_at desc, tmdb_id) where change_seen_at is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "companies" cascade;`);
    this.addSql(`drop table if exists "upstream_searches" cascade;`);

    this.addSql(`drop index "collections_words_index";`);
    this.addSql(`alter table "collections" drop column "words";`);

    this.addSql(`drop index "keywords_words_index";`);
    this.addSql(`alter table "keywords" drop column "words";`);

    this.addSql(`drop index "movies_change_seen_at_index";`);
  }
}
