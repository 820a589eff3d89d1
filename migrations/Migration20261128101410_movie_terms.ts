import { Migration } from '@mikro-orm/migrations';

const shown = `where state in ('listed', 'detailed')`;
const voteAverage = '(case when vote_count = 0 then null else vote_average end)';
const rating =
  '(case when vote_count > 0 then (vote_count * vote_average + 1260::double precision) / (vote_count + 200::double precision) end)';
const hidden = 'id, adult, certification';

/** As they were before; each gets what the new filters read. */
const former: Readonly<Record<string, { columns: string; include: string }>> = {
  movies_by_popularity_votes_index: {
    columns: 'popularity desc nulls last, tmdb_id, vote_count',
    include: `${hidden}, release_date, vote_average, genre_bits`,
  },
  movies_by_vote_average_index: {
    columns: `${voteAverage} desc nulls last, vote_count desc nulls last, tmdb_id`,
    include: `${hidden}, release_date, vote_average, genre_bits`,
  },
  movies_by_rating_index: {
    columns: `${rating} desc nulls last, vote_count desc nulls last, tmdb_id, vote_average`,
    include: `${hidden}, release_date, genre_bits`,
  },
  movies_by_vote_count_index: {
    columns: 'vote_count',
    include: `${hidden}, release_date, vote_average, genre_bits`,
  },
  movies_by_release_date_index: {
    columns: 'release_date desc nulls last, tmdb_id',
    include: `${hidden}, vote_average, vote_count, genre_bits`,
  },
  movies_vote_average_index: {
    columns: 'vote_average',
    include: `${hidden}, release_date, vote_count, genre_bits`,
  },
  movies_by_title_index: {
    columns: 'title_key, tmdb_id',
    include: `${hidden}, release_date, vote_average, vote_count, genre_bits`,
  },
};

/** What movies are filtered by: a row of terms each, and in the indexes of the orders what a whole list is read for. */
export class Migration20261128101410_movie_terms extends Migration {
  override name = 'Migration20261128101410_movie_terms';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create table "movie_terms" ("movie_id" bigint not null, "terms" bigint[] not null, primary key ("movie_id"));`,
    );
    this.addSql(`create index movie_terms_terms_index on movie_terms using gin (terms);`);
    this.addSql(
      `alter table "movie_terms" add constraint "movie_terms_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    this.addSql(`alter table "movies" add "country_bits" bigint null;`);
    for (const [name, { columns, include }] of Object.entries(former)) {
      this.addSql(`drop index ${name};`);
      this.addSql(
        `create index ${name} on movies (${columns}) include (${include}, country_bits, original_language, runtime) ${shown};`,
      );
    }
  }

  override down(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(`drop table if exists "movie_terms" cascade;`);
    for (const name of Object.keys(former)) this.addSql(`drop index ${name};`);
    this.addSql(`alter table "movies" drop column "country_bits";`);
    for (const [name, { columns, include }] of Object.entries(former))
      this.addSql(`create index ${name} on movies (${columns}) include (${include}) ${shown};`);
  }
}
