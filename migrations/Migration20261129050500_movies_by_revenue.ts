import { Migration } from '@mikro-orm/migrations';

const shown = `state in ('listed', 'detailed')`;
const others =
  'adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime';

const remake = ({ sample, revenue }: { sample: string; revenue: string }) => [
  'drop index movies_sample_index;',
  `create index movies_sample_index on movies (id) include (tmdb_id, ${others}${sample}) where ${shown} and (hashint8(id) & 15) = 0;`,
  'drop index movies_by_revenue_index;',
  `create index movies_by_revenue_index on movies (revenue desc nulls last, tmdb_id)${revenue} where ${shown} and revenue > 0;`,
];

/** Few movies have earned anything, and those of a filter are found among them: the rows of all of them were read. */
export class Migration20261129050500_movies_by_revenue extends Migration {
  override name = 'Migration20261129050500_movies_by_revenue';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    for (const text of remake({ sample: ', revenue', revenue: ` include (id, ${others})` }))
      this.addSql(text);
  }

  override down(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    for (const text of remake({ sample: '', revenue: '' })) this.addSql(text);
  }
}
