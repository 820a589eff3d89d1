import { Migration } from '@mikro-orm/migrations';

export class Migration20261128075941_movie_releases extends Migration {
  override name = 'Migration20261128075941_movie_releases';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "movie_posters" ("movie_id" bigint not null, "posters" jsonb not null, primary key ("movie_id"));`,
    );

    this.addSql(
      `create table "movie_releases" ("movie_id" bigint not null, "country" varchar(2) not null, "release_date" date null, "certification" text null, "min_age" smallint null, primary key ("movie_id", "country"));`,
    );
    this.addSql(
      `create index movie_releases_min_age_index on movie_releases (country, min_age) include (movie_id) where min_age > 0;`,
    );

    this.addSql(`alter table "users" add "country" varchar(2) null;`);

    this.addSql(
      `alter table "movie_posters" add constraint "movie_posters_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_releases" add constraint "movie_releases_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_posters" cascade;`);
    this.addSql(`drop table if exists "movie_releases" cascade;`);

    this.addSql(`alter table "users" drop column "country";`);
  }
}
