import { Migration } from '@mikro-orm/migrations';

const shown = `where state in ('listed', 'detailed')`;
const others =
  'adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime';
const ofVotes =
  'adult, certification, release_date, vote_count, genre_bits, country_bits, original_language, runtime';

const byVotes = (include: string) => [
  'drop index movies_vote_average_index;',
  `create index movies_vote_average_index on movies (vote_average) include (${include}) ${shown};`,
];

/** The movies of a keyword or a rating, judged and sorted without their rows: of ten thousand, each stood elsewhere. */
export class Migration20261128214718_movies_by_id extends Migration {
  override name = 'Migration20261128214718_movies_by_id';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create index movies_by_id_index on movies (id) include (tmdb_id, popularity, ${others}) ${shown};`,
    );
    for (const text of byVotes(`id, tmdb_id, popularity, ${ofVotes}`)) this.addSql(text);
  }

  override down(): void | Promise<void> {
    this.addSql('drop index movies_by_id_index;');
    for (const text of byVotes(`id, ${ofVotes}`)) this.addSql(text);
  }
}
