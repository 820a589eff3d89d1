import { Migration } from '@mikro-orm/migrations';

export class Migration20261128065659_clocks extends Migration {
  override name = 'Migration20261128065659_clocks';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "movie_uses" ("tmdb_id" int not null, "used_on" date not null, primary key ("tmdb_id"));`,
    );
    this.addSql(`create index "movie_uses_used_on_index" on "movie_uses" ("used_on");`);

    this.addSql(`alter table "sync_runs" add "at_least" boolean not null default false;`);

    this.addSql(`alter table "worker_processes" add "clock_ahead_ms" double precision not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_uses" cascade;`);

    this.addSql(`alter table "sync_runs" drop column "at_least";`);

    this.addSql(`alter table "worker_processes" drop column "clock_ahead_ms";`);
  }
}
