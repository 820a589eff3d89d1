import { Migration } from '@mikro-orm/migrations';

export class Migration20261128081909_transitions extends Migration {
  override name = 'Migration20261128081909_transitions';

  override up(): void | Promise<void> {
    this.addSql(`alter table "movie_neighbours" add "transitions" bytea null;`);
    // Both lists stay in the row, which then fills a page: a personal list reads two hundred rows.
    this.addSql(`alter table "movie_neighbours" set (toast_tuple_target = 8160);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "movie_neighbours" reset (toast_tuple_target);`);
    this.addSql(`alter table "movie_neighbours" drop column "transitions";`);
  }
}
