import { Migration } from '@mikro-orm/migrations';

export class Migration20261128084505_movie_merges extends Migration {
  override name = 'Migration20261128084505_movie_merges';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "movie_merges" ("tmdb_id" int not null, "into_tmdb_id" int null, "state" varchar(16) not null, "certainty" real null, "looked_at" timestamptz not null, "decided_at" timestamptz null, primary key ("tmdb_id"));`,
    );
    this.addSql(`create index "movie_merges_state_index" on "movie_merges" ("state");`);

    this.addSql(
      `alter table "movie_merges" add constraint "movie_merges_state_check" check (state in ('none', 'proposed', 'rejected', 'confirmed', 'moved'));`,
    );
    this.addSql(
      `alter table "movie_merges" add constraint "movie_merges_into_check" check (state = 'none' or into_tmdb_id <> tmdb_id);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_merges" cascade;`);
  }
}
