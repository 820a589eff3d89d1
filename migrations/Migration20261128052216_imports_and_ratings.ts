import { Migration } from '@mikro-orm/migrations';

export class Migration20261128052216_imports_and_ratings extends Migration {
  override name = 'Migration20261128052216_imports_and_ratings';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "user_import_budgets" ("user_id" uuid not null, "day" date not null, "asked" int not null default 0, primary key ("user_id", "day"));`,
    );

    this.addSql(
      `create table "user_movie_ratings" ("user_id" uuid not null, "movie_id" bigint not null, "rating" numeric(3,2) not null, "rated_at" timestamptz not null default now(), "is_dated" boolean not null default true, primary key ("user_id", "movie_id"));`,
    );
    this.addSql(`create index "user_movie_ratings_movie_id_index" on "user_movie_ratings" ("movie_id");`);

    this.addSql(
      `alter table "user_imports" add "skipped" int not null default 0, add "asked_at" timestamptz null;`,
    );

    this.addSql(`alter table "user_import_rows" drop constraint "user_import_rows_status_check";`);
    this.addSql(`alter table "user_import_rows" add "directors" text null, add "rated_at" timestamptz null;`);
    this.addSql(
      `alter table "user_import_rows" alter column "rating" type double precision using ("rating"::double precision);`,
    );
    this.addSql(
      `alter table "user_import_rows" add constraint "user_import_rows_status_check" check (status in ('pending', 'matched', 'ambiguous', 'not_found', 'skipped'));`,
    );

    this.addSql(
      `alter table "user_movie_interactions" drop constraint "user_movie_interactions_interaction_type_check";`,
    );
    this.addSql(`alter table "user_movie_interactions" add "is_dated" boolean not null default true;`);
    this.addSql(
      `alter table "user_movie_interactions" add constraint "user_movie_interactions_interaction_type_check" check (interaction_type in ('liked', 'disliked', 'bookmarked', 'watched', 'hidden'));`,
    );

    this.addSql(
      `alter table "user_import_budgets" add constraint "user_import_budgets_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "user_movie_ratings" add constraint "user_movie_ratings_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "user_movie_ratings" add constraint "user_movie_ratings_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete restrict;`,
    );
    this.addSql(
      `alter table "user_movie_ratings" add constraint "user_movie_ratings_rating_check" check (rating >= 0.5 and rating <= 5.0);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "user_import_budgets" cascade;`);
    this.addSql(`drop table if exists "user_movie_ratings" cascade;`);

    this.addSql(`alter table "user_import_rows" drop constraint "user_import_rows_status_check";`);
    this.addSql(`update "user_import_rows" set "status" = 'not_found' where "status" = 'skipped';`);
    this.addSql(`alter table "user_import_rows" drop column "directors", drop column "rated_at";`);
    this.addSql(
      `alter table "user_import_rows" alter column "rating" type smallint using ("rating"::smallint);`,
    );
    this.addSql(
      `alter table "user_import_rows" add constraint "user_import_rows_status_check" check (status in ('pending', 'matched', 'ambiguous', 'not_found'));`,
    );

    this.addSql(`update "user_imports" set "not_found" = "not_found" + "skipped";`);
    this.addSql(`alter table "user_imports" drop column "skipped", drop column "asked_at";`);

    this.addSql(
      `alter table "user_movie_interactions" drop constraint "user_movie_interactions_interaction_type_check";`,
    );
    this.addSql(`delete from "user_movie_interactions" where "interaction_type" = 'hidden';`);
    this.addSql(`alter table "user_movie_interactions" drop column "is_dated";`);
    this.addSql(
      `alter table "user_movie_interactions" add constraint "user_movie_interactions_interaction_type_check" check (interaction_type in ('liked', 'disliked', 'bookmarked', 'watched'));`,
    );
  }
}
