import { Migration } from '@mikro-orm/migrations';

const others = ['long_title', 'original_title', 'overview', 'tagline', 'homepage', 'title_key', 'trailers'];
const stored = (how: 'main' | 'extended') =>
  others.map((column) => `alter "${column}" set storage ${how}`).join(', ');

/**
 * The answer of a movie stands in its own row, where it is found without another look-up. PostgreSQL packs it and puts
 * it outside: rows stay as short as they were. All other columns stay inside, and are packed only if they are long, too.
 * No answer is taken over: the first run of `details` makes all of them from what is stored.
 */
export class Migration20261128214128_answers_in_movies extends Migration {
  override name = 'Migration20261128214128_answers_in_movies';

  override up(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_answers" cascade;`);
    this.addSql(`alter table "movies" add "answer" text null, add "answer_made_of" bigint null;`);
    this.addSql(`alter table "movies" ${stored('main')};`);
    this.addSql(`alter table "movies" set (toast_tuple_target = 1000);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "movies" reset (toast_tuple_target);`);
    this.addSql(`alter table "movies" ${stored('extended')};`);
    this.addSql(`alter table "movies" drop column "answer", drop column "answer_made_of";`);
    this.addSql(
      `create table "movie_answers" ("movie_id" bigint not null, "answer" text not null, "version" int not null, "content_hash" varchar(32) not null, "parts_hash" bigint not null, "parts_version" int not null, primary key ("movie_id"));`,
    );
    this.addSql(
      `alter table "movie_answers" add constraint "movie_answers_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
  }
}
