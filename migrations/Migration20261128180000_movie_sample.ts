import { Migration } from '@mikro-orm/migrations';

/** Where a list is long, one movie of sixteen is counted. Only what these movies are written costs anything. */
export class Migration20261128180000_movie_sample extends Migration {
  override name = 'Migration20261128180000_movie_sample';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create index movies_sample_index on movies (id) include (adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where state in ('listed', 'detailed') and (hashint8(id) & 15) = 0;`,
    );
    this.addSql(
      `create index movie_terms_sample_index on movie_terms using gin (terms) with (gin_pending_list_limit = 128) where (hashint8(movie_id) & 15) = 0;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql('drop index movie_terms_sample_index;');
    this.addSql('drop index movies_sample_index;');
  }
}
