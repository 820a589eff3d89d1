import { Migration } from '@mikro-orm/migrations';

export class Migration20261128101256_told_users extends Migration {
  override name = 'Migration20261128101256_told_users';

  override up(): void | Promise<void> {
    // A payload takes 8,000 bytes: 150 ids are some 6,000.
    this.addSql(`create function tell_of_user_ids(told uuid[]) returns void language plpgsql as $$
      begin
        perform pg_notify('nexus_notices', json_build_object('kind', 'users', 'user_ids', json_agg(id))::text)
        from (select id, (row_number() over () - 1) / 150 as slice from (select distinct unnest(told) as id) each) sliced
        group by slice;
      end $$;`);
    this.addSql(`create function tell_of_users() returns trigger language plpgsql as $$
      begin
        perform tell_of_user_ids(array(select id from changed));
        return null;
      end $$;`);
    this.addSql(`create function tell_of_owners() returns trigger language plpgsql as $$
      begin
        perform tell_of_user_ids(array(select user_id from changed));
        return null;
      end $$;`);

    this.addSql(
      `create trigger users_tell_update after update on users referencing new table as changed for each statement execute function tell_of_users();`,
    );
    this.addSql(
      `create trigger users_tell_delete after delete on users referencing old table as changed for each statement execute function tell_of_users();`,
    );

    this.addSql(
      `create trigger sessions_tell_update after update on sessions referencing new table as changed for each statement execute function tell_of_owners();`,
    );
    this.addSql(
      `create trigger sessions_tell_delete after delete on sessions referencing old table as changed for each statement execute function tell_of_owners();`,
    );

    this.addSql(
      `create trigger user_movie_ratings_taste_insert after insert on user_movie_ratings referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_ratings_taste_update after update on user_movie_ratings referencing new table as changed for each statement execute function move_taste_version();`,
    );
    this.addSql(
      `create trigger user_movie_ratings_taste_delete after delete on user_movie_ratings referencing old table as changed for each statement execute function move_taste_version();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "sessions_tell_update" on "sessions";`);
    this.addSql(`drop trigger if exists "sessions_tell_delete" on "sessions";`);

    this.addSql(`drop trigger if exists "user_movie_ratings_taste_insert" on "user_movie_ratings";`);
    this.addSql(`drop trigger if exists "user_movie_ratings_taste_update" on "user_movie_ratings";`);
    this.addSql(`drop trigger if exists "user_movie_ratings_taste_delete" on "user_movie_ratings";`);

    this.addSql(`drop trigger if exists "users_tell_update" on "users";`);
    this.addSql(`drop trigger if exists "users_tell_delete" on "users";`);

    this.addSql(`drop function if exists tell_of_users();`);
    this.addSql(`drop function if exists tell_of_owners();`);
    this.addSql(`drop function if exists tell_of_user_ids(uuid[]);`);
  }
}
