import { Migration } from '@mikro-orm/migrations';

export class Migration20261128102412_pictures extends Migration {
  override name = 'Migration20261128102412_pictures';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create table "named_pictures" ("hash" bigint not null, "named_at" date not null default current_date, primary key ("hash"));`,
    );

    this.addSql(
      `create index movies_poster_path_index on movies using hash (poster_path) where poster_path is not null;`,
    );
    this.addSql(
      `create index movies_backdrop_path_index on movies using hash (backdrop_path) where backdrop_path is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "named_pictures" cascade;`);

    this.addSql(`drop index "movies_poster_path_index";`);
    this.addSql(`drop index "movies_backdrop_path_index";`);
  }
}
