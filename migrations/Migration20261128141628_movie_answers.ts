import { Migration } from '@mikro-orm/migrations';

export class Migration20261128141628_movie_answers extends Migration {
  override name = 'Migration20261128141628_movie_answers';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "movie_answers" ("movie_id" bigint not null, "answer" text not null, "version" int not null, "content_hash" varchar(32) not null, "parts_hash" bigint not null, "parts_version" int not null, primary key ("movie_id"));`,
    );
    this.addSql(
      `alter table "movie_answers" add constraint "movie_answers_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_answers" cascade;`);
  }
}
