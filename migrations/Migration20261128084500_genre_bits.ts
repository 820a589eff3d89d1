import { Migration } from '@mikro-orm/migrations';

const shown = `where state in ('listed', 'detailed')`;
const voteAverage = '(case when vote_count = 0 then null else vote_average end)';
const rating =
  '(case when vote_count > 0 then (vote_count * vote_average + 1260::double precision) / (vote_count + 200::double precision) end)';
const hidden = 'id, adult, certification';

/** Each with all that the filters read: what is skipped on the way need not be looked up in the table. */
const covering: Readonly<Record<string, string>> = {
  movies_by_popularity_votes_index: `(popularity desc nulls last, tmdb_id, vote_count) include (${hidden}, release_date, vote_average, genre_bits)`,
  movies_by_vote_average_index: `(${voteAverage} desc nulls last, vote_count desc nulls last, tmdb_id) include (${hidden}, release_date, vote_average, genre_bits)`,
  movies_by_rating_index: `(${rating} desc nulls last, vote_count desc nulls last, tmdb_id, vote_average) include (${hidden}, release_date, genre_bits)`,
  movies_by_vote_count_index: `(vote_count) include (${hidden}, release_date, vote_average, genre_bits)`,
  movies_by_release_date_index: `(release_date desc nulls last, tmdb_id) include (${hidden}, vote_average, vote_count, genre_bits)`,
  movies_vote_average_index: `(vote_average) include (${hidden}, release_date, vote_count, genre_bits)`,
};

/** As they were before. */
const former: Readonly<Record<string, string>> = {
  movies_by_popularity_votes_index: `(popularity desc nulls last, tmdb_id, vote_count) include (${hidden}, release_date, vote_average)`,
  movies_by_vote_average_index: `(${voteAverage} desc nulls last, vote_count desc nulls last, tmdb_id) include (${hidden}, release_date, vote_average)`,
  movies_by_rating_index: `(${rating} desc nulls last, vote_count desc nulls last, tmdb_id, vote_average)`,
  movies_by_vote_count_index: `(vote_count) include (${hidden}, release_date, vote_average)`,
  movies_by_release_date_index: `(release_date desc nulls last, tmdb_id) include (${hidden}, vote_average)`,
  movies_vote_average_index: `(vote_average) include (${hidden}, release_date)`,
};

const bits = 'bit_or(1::bigint << (genre_id::bigint * 143 % 251 % 61)::int)';

/** Only where they are wrong: who writes the genres writes the bits with the movie, and this finds nothing to do. */
const keepGenreBits = `
create function keep_genre_bits() returns trigger language plpgsql as $$
begin
  update movies m set genre_bits = own.bits
  from (
    select movie_id, ${bits} as bits from movie_genres
    where movie_id = any(array(select movie_id from changed)) group by movie_id
  ) own
  where m.id = own.movie_id and m.genre_bits is distinct from own.bits;
  return null;
end $$;`;

/** Orders of lists with titles and genres in the index, so that a deep page under filters reads no rows of `movies`. */
export class Migration20261128084500_genre_bits extends Migration {
  override name = 'Migration20261128084500_genre_bits';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    for (const name of Object.keys(former)) this.addSql(`drop index ${name};`);
    this.addSql('drop index movie_titles_title_key_index;');
    this.addSql(`alter table "movies" add "genre_bits" bigint null;`);
    this.addSql(
      `create function genre_bits_of(movie bigint) returns bigint language sql stable as 'select ${bits} from movie_genres where movie_id = movie';`,
    );
    // The table is written once for both.
    this.addSql(
      `alter table "movies" alter column "genre_bits" type bigint using genre_bits_of(id), add "title_key" text generated always as (search_key(search_text(coalesce(long_title, title)))) stored not null;`,
    );
    this.addSql('drop function genre_bits_of(bigint);');
    this.addSql(keepGenreBits);
    this.addSql(
      `create trigger movie_genres_keep_bits after insert on movie_genres referencing new table as changed for each statement execute function keep_genre_bits();`,
    );
    for (const [name, columns] of Object.entries(covering))
      this.addSql(`create index ${name} on movies ${columns} ${shown};`);
    this.addSql(
      `create index movies_by_title_index on movies (title_key, tmdb_id) include (${hidden}, release_date, vote_average, vote_count, genre_bits) ${shown};`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql('drop trigger movie_genres_keep_bits on movie_genres;');
    this.addSql('drop function keep_genre_bits();');
    this.addSql('drop index movies_by_title_index;');
    for (const name of Object.keys(covering)) this.addSql(`drop index ${name};`);
    this.addSql(`alter table "movies" drop column "title_key", drop column "genre_bits";`);
    for (const [name, columns] of Object.entries(former))
      this.addSql(`create index ${name} on movies ${columns} ${shown};`);
    this.addSql(
      `create index movie_titles_title_key_index on movie_titles (title_key, tmdb_id) include (movie_id);`,
    );
  }
}
