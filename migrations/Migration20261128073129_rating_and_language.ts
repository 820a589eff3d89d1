import { Migration } from '@mikro-orm/migrations';

export class Migration20261128073129_rating_and_language extends Migration {
  override name = 'Migration20261128073129_rating_and_language';

  override up(): void | Promise<void> {
    this.addSql(`drop index "movies_by_popularity_index";`);
    this.addSql(
      `create index movies_language_appeal_index on movies (original_language, (log(1::double precision + coalesce(vote_count, 0)) + 0.5 * ((coalesce(vote_count, 0) * coalesce(vote_average, 0::double precision) + 1260::double precision) / (coalesce(vote_count, 0) + 200) - 6.3::double precision)) desc, tmdb_id) where state in ('listed', 'detailed') and original_language is not null;`,
    );
    this.addSql(
      `create index movies_by_popularity_votes_index on movies (popularity desc nulls last, tmdb_id, vote_count) include (id, adult, certification, release_date, vote_average) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create index movies_by_rating_index on movies ((case when vote_count > 0 then (vote_count * vote_average + 1260::double precision) / (vote_count + 200::double precision) end) desc nulls last, vote_count desc nulls last, tmdb_id, vote_average) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create index movies_by_vote_count_index on movies (vote_count) include (id, adult, certification, release_date, vote_average) where state in ('listed', 'detailed');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "movies_language_appeal_index";`);
    this.addSql(`drop index "movies_by_popularity_votes_index";`);
    this.addSql(`drop index "movies_by_rating_index";`);
    this.addSql(`drop index "movies_by_vote_count_index";`);
    this.addSql(
      `create index movies_by_popularity_index on movies (popularity desc nulls last, tmdb_id) include (id, adult, certification, release_date, vote_average) where state in ('listed', 'detailed');`,
    );
  }
}
