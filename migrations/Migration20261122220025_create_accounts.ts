import { Migration } from '@mikro-orm/migrations';

export class Migration20261122220025_create_accounts extends Migration {
  override name = 'Migration20261122220025_create_accounts';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "rate_limits" ("key" varchar(255) not null, "points" int not null default 0, "expire" bigint null, primary key ("key"));`,
    );

    this.addSql(
      `create table "sessions" ("id" uuid not null, "user_id" uuid not null, "created_at" timestamptz not null default now(), "refreshed_at" timestamptz not null default now(), "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "sessions_user_id_index" on "sessions" ("user_id");`);
    this.addSql(`create index "sessions_expires_at_index" on "sessions" ("expires_at");`);

    this.addSql(
      `create table "refresh_tokens" ("token_hash" bytea not null, "session_id" uuid not null, "expires_at" timestamptz not null, "spent_at" timestamptz null, primary key ("token_hash"));`,
    );
    this.addSql(`create index "refresh_tokens_session_id_index" on "refresh_tokens" ("session_id");`);

    this.addSql(
      `create table "user_actor_preferences" ("user_id" uuid not null, "person_id" int not null, "position" smallint not null, "created_at" timestamptz not null default now(), primary key ("user_id", "person_id"));`,
    );

    this.addSql(
      `create table "user_genre_preferences" ("user_id" uuid not null, "genre_id" int not null, "position" smallint not null, "created_at" timestamptz not null default now(), primary key ("user_id", "genre_id"));`,
    );

    this.addSql(
      `create table "user_movie_preferences" ("user_id" uuid not null, "movie_id" bigint not null, "position" smallint not null, "created_at" timestamptz not null default now(), primary key ("user_id", "movie_id"));`,
    );
    this.addSql(
      `create index "user_movie_preferences_movie_id_index" on "user_movie_preferences" ("movie_id");`,
    );

    this.addSql(`alter table "users" add "role" varchar(8) not null default 'user';`);
    this.addSql(`alter table "users" add constraint "users_role_check" check (role in ('user', 'admin'));`);

    this.addSql(`alter table "sync_runs" add "idempotency_key" varchar(255) null;`);
    this.addSql(
      `create index sync_runs_idempotency_index on sync_runs (requested_by, idempotency_key) where idempotency_key is not null;`,
    );

    this.addSql(
      `create index user_movie_interactions_newest_index on user_movie_interactions (user_id, created_at desc);`,
    );
    this.addSql(
      `create unique index user_movie_interactions_one_opinion on user_movie_interactions (user_id, movie_id) where interaction_type in ('liked', 'disliked');`,
    );

    this.addSql(
      `alter table "sessions" add constraint "sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "refresh_tokens" add constraint "refresh_tokens_session_id_foreign" foreign key ("session_id") references "sessions" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "user_actor_preferences" add constraint "user_actor_preferences_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "user_genre_preferences" add constraint "user_genre_preferences_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "user_movie_preferences" add constraint "user_movie_preferences_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete cascade;`,
    );
    this.addSql(
      `alter table "user_movie_preferences" add constraint "user_movie_preferences_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete restrict;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "refresh_tokens" drop constraint "refresh_tokens_session_id_foreign";`);

    this.addSql(`drop table if exists "rate_limits" cascade;`);
    this.addSql(`drop table if exists "sessions" cascade;`);
    this.addSql(`drop table if exists "refresh_tokens" cascade;`);
    this.addSql(`drop table if exists "user_actor_preferences" cascade;`);
    this.addSql(`drop table if exists "user_genre_preferences" cascade;`);
    this.addSql(`drop table if exists "user_movie_preferences" cascade;`);

    this.addSql(`drop index "sync_runs_idempotency_index";`);
    this.addSql(`alter table "sync_runs" drop column "idempotency_key";`);

    this.addSql(`drop index "user_movie_interactions_newest_index";`);
    this.addSql(`drop index "user_movie_interactions_one_opinion";`);

    this.addSql(`alter table "users" drop constraint "users_role_check";`);
    this.addSql(`alter table "users" drop column "role";`);
  }
}
