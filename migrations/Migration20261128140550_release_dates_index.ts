import { Migration } from '@mikro-orm/migrations';

export class Migration20261128140550_release_dates_index extends Migration {
  override name = 'Migration20261128140550_release_dates_index';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create index movie_releases_release_date_index on movie_releases (country, release_date) include (movie_id) where release_date is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "movie_releases_release_date_index";`);
  }
}
