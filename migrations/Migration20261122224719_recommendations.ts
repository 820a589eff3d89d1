import { Migration } from '@mikro-orm/migrations';

export class Migration20261122224719_recommendations extends Migration {
  override name = 'Migration20261122224719_recommendations';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "movie_neighbours" ("movie_id" bigint not null, "users" int not null, "weight" real not null, "neighbours" bytea not null, primary key ("movie_id"));`,
    );
    this.addSql(
      `create index movie_neighbours_weight_index on movie_neighbours (weight desc, movie_id) include (users);`,
    );

    this.addSql(
      `create index movies_appeal_index on movies ((log(1::double precision + coalesce(vote_count, 0)) + 0.5 * ((coalesce(vote_count, 0) * coalesce(vote_average, 0::double precision) + 1260::double precision) / (coalesce(vote_count, 0) + 200) - 6.3::double precision)) desc, tmdb_id) where state in ('listed', 'detailed');`,
    );

    this.addSql(`alter table "users" add "taste_version" bigint not null default '0';`);

    this.addSql(`
      create function move_taste_version() returns trigger language plpgsql as $$
      begin
        update users set taste_version = taste_version + 1 where id in (select user_id from changed);
        return null;
      end $$;`);

    this.addSql(
      `create trigger user_actor_preferences_taste_insert after insert on user_actor_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_actor_preferences_taste_update after update on user_actor_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_actor_preferences_taste_delete after delete on user_actor_preferences referencing old table as changed for each statement execute function move_taste_version();`,
    );

    this.addSql(
      `create trigger user_genre_preferences_taste_insert after insert on user_genre_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_genre_preferences_taste_update after update on user_genre_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_genre_preferences_taste_delete after delete on user_genre_preferences referencing old table as changed for each statement execute function move_taste_version();`,
    );

    this.addSql(
      `create trigger user_movie_interactions_taste_insert after insert on user_movie_interactions referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_interactions_taste_update after update on user_movie_interactions referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_interactions_taste_delete after delete on user_movie_interactions referencing old table as changed for each statement execute function move_taste_version();`,
    );

    this.addSql(
      `create trigger user_movie_preferences_taste_insert after insert on user_movie_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_preferences_taste_update after update on user_movie_preferences referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_preferences_taste_delete after delete on user_movie_preferences referencing old table as changed for each statement execute function move_taste_version();`,
    );

    this.addSql(
      `alter table "movie_neighbours" add constraint "movie_neighbours_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_neighbours" cascade;`);

    this.addSql(`drop index "movies_appeal_index";`);

    this.addSql(`drop trigger if exists "user_actor_preferences_taste_insert" on "user_actor_preferences";`);
    this.addSql(`drop trigger if exists "user_actor_preferences_taste_update" on "user_actor_preferences";`);
    this.addSql(`drop trigger if exists "user_actor_preferences_taste_delete" on "user_actor_preferences";`);

    this.addSql(`drop trigger if exists "user_genre_preferences_taste_insert" on "user_genre_preferences";`);
    this.addSql(`drop trigger if exists "user_genre_preferences_taste_update" on "user_genre_preferences";`);
    this.addSql(`drop trigger if exists "user_genre_preferences_taste_delete" on "user_genre_preferences";`);

    this.addSql(
      `drop trigger if exists "user_movie_interactions_taste_insert" on "user_movie_interactions";`,
    );
    this.addSql(
      `drop trigger if exists "user_movie_interactions_taste_update" on "user_movie_interactions";`,
    );
    this.addSql(
      `drop trigger if exists "user_movie_interactions_taste_delete" on "user_movie_interactions";`,
    );

    this.addSql(`drop trigger if exists "user_movie_preferences_taste_insert" on "user_movie_preferences";`);
    this.addSql(`drop trigger if exists "user_movie_preferences_taste_update" on "user_movie_preferences";`);
    this.addSql(`drop trigger if exists "user_movie_preferences_taste_delete" on "user_movie_preferences";`);

    this.addSql(`drop function if exists move_taste_version();`);
    this.addSql(`alter table "users" drop column "taste_version";`);
  }
}
