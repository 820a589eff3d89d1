import { Migration } from '@mikro-orm/migrations';

const remake = (keys: string) => [
  'drop index movies_by_vote_count_index;',
  `create index movies_by_vote_count_index on movies (${keys}) include (id, adult, certification, release_date,
    vote_average, genre_bits, country_bits, original_language, runtime) where state in ('listed', 'detailed');`,
];

/** The whole order of a list: half of all movies have the same few votes, and were sorted for each page. */
export class Migration20261128142500_vote_count_order extends Migration {
  override name = 'Migration20261128142500_vote_count_order';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    for (const text of remake('vote_count desc, tmdb_id')) this.addSql(text);
  }

  override down(): void | Promise<void> {
    for (const text of remake('vote_count')) this.addSql(text);
  }
}
