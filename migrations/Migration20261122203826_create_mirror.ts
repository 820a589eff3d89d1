import { Migration } from '@mikro-orm/migrations';

export class Migration20261122203826_create_mirror extends Migration {
  override name = 'Migration20261122203826_create_mirror';

  override up(): void | Promise<void> {
    this.addSql(`create table "collections" ("id" int not null, "name" text not null, primary key ("id"));`);

    this.addSql(
      `create table "genres" ("id" int not null, "name" varchar(255) not null, "listed" boolean not null default true, primary key ("id"));`,
    );
    this.addSql(
      `alter table "genres" add constraint "genres_name_unique" unique ("name") deferrable initially immediate;`,
    );

    this.addSql(`create table "keywords" ("id" int not null, "name" text not null, primary key ("id"));`);

    this.addSql(
      `create table "list_snapshots" ("name" varchar(32) not null, "size" int not null, "fetched_at" timestamptz not null, primary key ("name"));`,
    );

    this.addSql(
      `create table "movies" ("id" bigserial primary key, "tmdb_id" int not null, "state" varchar(16) not null default 'unknown', "scope" smallint null, "title" varchar(255) not null, "long_title" text null, "original_title" text null, "overview" text null, "tagline" text null, "poster_path" varchar(255) null, "backdrop_path" varchar(255) null, "release_date" date null, "runtime" int null, "status" text null, "original_language" text null, "imdb_id" text null, "homepage" text null, "adult" boolean null, "popularity" double precision null, "vote_average" double precision null, "vote_count" int null, "budget" bigint null, "revenue" bigint null, "certification" text null, "collection_id" int null, "trailers" jsonb null, "content_hash" varchar(32) null, "fetched_at" timestamptz null, "attempted_at" timestamptz null, "gone_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now());`,
    );
    this.addSql(`alter table "movies" add constraint "movies_tmdb_id_unique" unique ("tmdb_id");`);
    this.addSql(
      `create index movies_to_detail_index on movies (scope, popularity desc nulls last, id) where scope is not null and state in ('unknown', 'listed', 'purged');`,
    );
    this.addSql(
      `create index movies_detailed_fetched_at_index on movies (scope, fetched_at) where state = 'detailed';`,
    );
    this.addSql(
      `create index movies_detailed_release_date_index on movies (release_date) where state = 'detailed';`,
    );
    this.addSql(`create index "movies_fetched_at_index" on "movies" ("fetched_at");`);
    this.addSql(`create index movies_gone_at_index on movies (gone_at) where gone_at is not null;`);
    this.addSql(`create index "movies_collection_id_index" on "movies" ("collection_id");`);
    this.addSql(`create index "movies_imdb_id_index" on "movies" ("imdb_id");`);

    this.addSql(
      `create table "movie_absences" ("tmdb_id" int not null, "first_seen_at" timestamptz not null, "last_seen_at" timestamptz not null, primary key ("tmdb_id"));`,
    );
    this.addSql(`create index "movie_absences_last_seen_at_index" on "movie_absences" ("last_seen_at");`);

    this.addSql(
      `create table "movie_documents" ("movie_id" bigint not null, "document" text not null, primary key ("movie_id"));`,
    );

    this.addSql(
      `create table "movie_genres" ("movie_id" bigint not null, "genre_id" int not null, "position" smallint not null, primary key ("movie_id", "genre_id"));`,
    );
    this.addSql(`create index "movie_genres_genre_id_index" on "movie_genres" ("genre_id");`);

    this.addSql(
      `create table "movie_keywords" ("movie_id" bigint not null, "keyword_id" int not null, "position" smallint not null, primary key ("movie_id", "keyword_id"));`,
    );
    this.addSql(`create index "movie_keywords_keyword_id_index" on "movie_keywords" ("keyword_id");`);

    this.addSql(
      `create table "movie_relations" ("movie_id" bigint not null, "kind" varchar(16) not null, "related_movie_id" bigint not null, "rank" smallint not null, primary key ("movie_id", "kind", "related_movie_id"));`,
    );
    this.addSql(
      `create index "movie_relations_related_movie_id_index" on "movie_relations" ("related_movie_id");`,
    );

    this.addSql(
      `create table "people" ("id" int not null, "name" text not null, "profile_path" varchar(255) null, "known_for_department" text null, "popularity" double precision null, "fetched_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "people_fetched_at_index" on "people" ("fetched_at");`);

    this.addSql(
      `create table "credits" ("movie_id" bigint not null, "credit_id" varchar(64) not null, "person_id" int not null, "kind" varchar(8) not null, "character" text null, "department" text null, "job" text null, "order" int null, "position" int not null, primary key ("movie_id", "credit_id"));`,
    );
    this.addSql(`create index "credits_person_id_index" on "credits" ("person_id");`);

    this.addSql(
      `create table "trending_entries" ("time_window" varchar(8) not null, "rank" smallint not null, "movie_id" bigint not null, primary key ("time_window", "rank"));`,
    );
    this.addSql(`create index "trending_entries_movie_id_index" on "trending_entries" ("movie_id");`);
    this.addSql(
      `alter table "trending_entries" add constraint "trending_entries_time_window_movie_id_unique" unique ("time_window", "movie_id");`,
    );

    this.addSql(
      `create table "upstream" ("id" smallint not null, "identity" text null, "circuit" varchar(16) not null default 'closed', "reason" text null, "opened_at" timestamptz null, "retry_at" timestamptz null, "paused_until" timestamptz null, "last_success_at" timestamptz null, primary key ("id"));`,
    );

    this.addSql(
      `create table "users" ("id" uuid not null, "name" varchar(255) not null, "email" varchar(255) not null, "password_hash" varchar(255) not null, "date_of_birth" date null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email");`);

    this.addSql(
      `create table "sync_runs" ("id" uuid not null, "job" varchar(32) not null, "trigger" varchar(16) not null, "requested_by" uuid null, "status" varchar(16) not null, "queued_at" timestamptz not null default now(), "started_at" timestamptz null, "finished_at" timestamptz null, "seen" int not null default 0, "created" int not null default 0, "updated" int not null default 0, "unchanged" int not null default 0, "gone" int not null default 0, "failed" int not null default 0, "progress" double precision not null default 0, "error" text null, "error_code" varchar(32) null, "queue_job_id" text null, "lease_owner" text null, "lease_until" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index sync_runs_job_queued_at_index on sync_runs (job, queued_at desc);`);
    this.addSql(`create index "sync_runs_queued_at_index" on "sync_runs" ("queued_at");`);
    this.addSql(
      `create unique index sync_runs_one_live_per_job on sync_runs (job) where status in ('queued', 'running');`,
    );

    this.addSql(
      `create table "user_movie_interactions" ("user_id" uuid not null, "movie_id" bigint not null, "interaction_type" varchar(50) not null, "created_at" timestamptz not null default now(), primary key ("user_id", "movie_id", "interaction_type"));`,
    );
    this.addSql(
      `create index "user_movie_interactions_movie_id_index" on "user_movie_interactions" ("movie_id");`,
    );

    this.addSql(
      `alter table "movies" add constraint "movies_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on update no action on delete set null;`,
    );
    this.addSql(
      `alter table "movies" add constraint "movies_state_check" check (state in ('unknown', 'listed', 'detailed', 'gone', 'purged'));`,
    );
    this.addSql(
      `alter table "movies" add constraint "movies_scope_check" check (scope >= 1 and scope <= 3);`,
    );
    this.addSql(`alter table "movies" add constraint "movies_tmdb_id_check" check (tmdb_id > 0);`);

    this.addSql(
      `alter table "movie_documents" add constraint "movie_documents_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_genres" add constraint "movie_genres_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "movie_genres" add constraint "movie_genres_genre_id_foreign" foreign key ("genre_id") references "genres" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_keywords" add constraint "movie_keywords_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "movie_keywords" add constraint "movie_keywords_keyword_id_foreign" foreign key ("keyword_id") references "keywords" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "movie_relations" add constraint "movie_relations_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "movie_relations" add constraint "movie_relations_related_movie_id_foreign" foreign key ("related_movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "movie_relations" add constraint "movie_relations_kind_check" check (kind in ('recommendation', 'similar'));`,
    );

    this.addSql(
      `alter table "credits" add constraint "credits_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "credits" add constraint "credits_person_id_foreign" foreign key ("person_id") references "people" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "credits" add constraint "credits_kind_check" check (kind in ('cast', 'crew'));`,
    );

    this.addSql(
      `alter table "trending_entries" add constraint "trending_entries_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "trending_entries" add constraint "trending_entries_time_window_check" check (time_window in ('day', 'week'));`,
    );

    this.addSql(`alter table "upstream" add constraint "upstream_one_row_check" check (id = 1);`);
    this.addSql(`insert into "upstream" ("id") values (1);`);
    this.addSql(
      `alter table "upstream" add constraint "upstream_circuit_check" check (circuit in ('closed', 'open', 'stopped'));`,
    );

    this.addSql(
      `create or replace function "users_users_touch_updated_at_fn"() returns trigger as $$ begin new.updated_at = clock_timestamp(); return new; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "users_touch_updated_at" BEFORE UPDATE on "users" for each ROW execute function "users_users_touch_updated_at_fn"();`,
    );

    this.addSql(
      `alter table "sync_runs" add constraint "sync_runs_requested_by_foreign" foreign key ("requested_by") references "users" ("id") on update no action on delete set null;`,
    );
    this.addSql(
      `alter table "sync_runs" add constraint "sync_runs_trigger_check" check (trigger in ('schedule', 'admin', 'start'));`,
    );
    this.addSql(
      `alter table "sync_runs" add constraint "sync_runs_status_check" check (status in ('queued', 'running', 'succeeded', 'failed'));`,
    );

    this.addSql(
      `alter table "user_movie_interactions" add constraint "user_movie_interactions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "user_movie_interactions" add constraint "user_movie_interactions_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete restrict;`,
    );
    this.addSql(
      `alter table "user_movie_interactions" add constraint "user_movie_interactions_interaction_type_check" check (interaction_type in ('liked', 'disliked', 'bookmarked', 'watched'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "movies" drop constraint "movies_collection_id_foreign";`);
    this.addSql(`alter table "movie_genres" drop constraint "movie_genres_genre_id_foreign";`);
    this.addSql(`alter table "movie_keywords" drop constraint "movie_keywords_keyword_id_foreign";`);
    this.addSql(`alter table "movie_documents" drop constraint "movie_documents_movie_id_foreign";`);
    this.addSql(`alter table "movie_genres" drop constraint "movie_genres_movie_id_foreign";`);
    this.addSql(`alter table "movie_keywords" drop constraint "movie_keywords_movie_id_foreign";`);
    this.addSql(`alter table "movie_relations" drop constraint "movie_relations_movie_id_foreign";`);
    this.addSql(`alter table "movie_relations" drop constraint "movie_relations_related_movie_id_foreign";`);
    this.addSql(`alter table "credits" drop constraint "credits_movie_id_foreign";`);
    this.addSql(`alter table "trending_entries" drop constraint "trending_entries_movie_id_foreign";`);
    this.addSql(
      `alter table "user_movie_interactions" drop constraint "user_movie_interactions_movie_id_foreign";`,
    );
    this.addSql(`alter table "credits" drop constraint "credits_person_id_foreign";`);
    this.addSql(`alter table "sync_runs" drop constraint "sync_runs_requested_by_foreign";`);
    this.addSql(
      `alter table "user_movie_interactions" drop constraint "user_movie_interactions_user_id_foreign";`,
    );

    this.addSql(`drop table if exists "collections" cascade;`);
    this.addSql(`drop table if exists "genres" cascade;`);
    this.addSql(`drop table if exists "keywords" cascade;`);
    this.addSql(`drop table if exists "list_snapshots" cascade;`);
    this.addSql(`drop table if exists "movies" cascade;`);
    this.addSql(`drop table if exists "movie_absences" cascade;`);
    this.addSql(`drop table if exists "movie_documents" cascade;`);
    this.addSql(`drop table if exists "movie_genres" cascade;`);
    this.addSql(`drop table if exists "movie_keywords" cascade;`);
    this.addSql(`drop table if exists "movie_relations" cascade;`);
    this.addSql(`drop table if exists "people" cascade;`);
    this.addSql(`drop table if exists "credits" cascade;`);
    this.addSql(`drop table if exists "trending_entries" cascade;`);
    this.addSql(`drop table if exists "upstream" cascade;`);
    this.addSql(`drop trigger if exists "users_touch_updated_at" on "users";`);
    this.addSql(`drop function if exists "users_users_touch_updated_at_fn"();`);
    this.addSql(`drop table if exists "users" cascade;`);
    this.addSql(`drop table if exists "sync_runs" cascade;`);
    this.addSql(`drop table if exists "user_movie_interactions" cascade;`);
  }
}
