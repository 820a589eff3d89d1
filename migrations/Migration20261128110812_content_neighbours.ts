import { Migration } from '@mikro-orm/migrations';

export class Migration20261128110812_content_neighbours extends Migration {
  override name = 'Migration20261128110812_content_neighbours';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "content_neighbours" ("movie_id" bigint not null, "neighbours" bytea not null, primary key ("movie_id"));`,
    );
    this.addSql(
      `alter table "content_neighbours" add constraint "content_neighbours_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "content_neighbours" cascade;`);
  }
}
