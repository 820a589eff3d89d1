import { Migration } from '@mikro-orm/migrations';

/** As `search_renown` has it, as a number. */
const movieRenown = `
create function movie_renown(popularity float8, vote_count int) returns smallint language sql immutable parallel safe as $$
  select case when popularity >= 10 or vote_count >= 1000 then 2 when popularity >= 2 or vote_count >= 100 then 1 else 0 end::smallint
$$;`;

/** Of one kind. More titles of one movie are left out. */
const mostTitles = 100;

/**
 * Writes what movies are found by beside their own titles, for many at once. A row that would say the same is not
 * written again.
 * @param source selects `movie_id, title, codes, place`, each title of a movie once
 */
const putOtherTitles = (name: string, kind: number, source: string) => `
create function ${name}(of_movies bigint[]) returns void language plpgsql as $$
begin
  with named as materialized (${source}),
  folded as materialized (
    select movie_id, folded, string_agg(codes, ',') as codes, row_number() over (partition by movie_id order by min(place)) as n
    from (select *, search_text(title) as folded from named offset 0) each
    where folded <> '' group by movie_id, folded
  ), keys as (
    select movie_id, array_agg(search_key(folded) order by n) as keys, array_agg(codes order by n) as languages
    from folded where n <= ${mostTitles} group by movie_id
  ), words as materialized (
    select movie_id, array_agg(distinct word) as words from folded cross join lateral unnest(search_words(folded)) as word
    where n <= ${mostTitles} group by movie_id
  ), remembered as (
    insert into other_title_words (word, writer)
    select distinct used.word, pg_backend_pid() from words cross join lateral unnest(words.words) as used(word)
    where length(used.word) between 3 and 30 and used.word !~ '^(=|[0-9]+$)'
      and not exists (select 1 from other_title_words known where known.word = used.word)
    on conflict do nothing
  )
  insert into movie_other_titles as t (movie_id, kind, keys, languages, words, renown, version)
  select m.id, ${kind}, keys.keys, keys.languages, array_to_tsvector(words.words),
    movie_renown(m.popularity, m.vote_count), search_version()
  from keys join words on words.movie_id = keys.movie_id join movies m on m.id = keys.movie_id
  order by m.id
  on conflict on constraint movie_other_titles_pkey do update
  set keys = excluded.keys, languages = excluded.languages, words = excluded.words, renown = excluded.renown,
    version = excluded.version
  where (t.keys, t.languages, t.words, t.renown, t.version)
    is distinct from (excluded.keys, excluded.languages, excluded.words, excluded.renown, excluded.version);
  -- Of an older folding, and nothing is left to write it again from.
  delete from movie_other_titles
  where movie_id = any(of_movies) and kind = ${kind} and version < search_version();
end $$;`;

const putTranslatedTitles = putOtherTitles(
  'put_translated_titles',
  0,
  `
    select movie_id, title, string_agg(distinct left(language, 2), ',') as codes, min(language) as place
    from movie_translations where movie_id = any(of_movies) and title <> '' group by movie_id, title`,
);
const putAlternativeTitles = putOtherTitles(
  'put_alternative_titles',
  1,
  `
    select movie_id, title, '' as codes, min(position) as place
    from movie_alternative_titles where movie_id = any(of_movies) and title <> '' group by movie_id, title`,
);

/** Whoever inserts into these tables, the movies are found by it. */
const keepInserted = (table: string, put: string) => `
create function keep_${table}() returns trigger language plpgsql as $$
begin
  perform ${put}(array(select distinct movie_id from changed where title <> ''));
  return null;
end $$;
create trigger ${table}_keep_titles after insert on ${table} referencing new table as changed
  for each statement execute function keep_${table}();`;

const keepMovieTitle = `
create or replace function keep_movie_title(movie movies) returns void language plpgsql as $$
declare
  new_renown smallint := movie_renown(movie.popularity, movie.vote_count);
begin
  if movie.state in ('listed', 'detailed') then
    perform put_movie_title(movie.id, movie.tmdb_id, coalesce(movie.long_title, movie.title), movie.original_title,
      movie.popularity, movie.vote_count);
    update movie_other_titles set renown = new_renown where movie_id = movie.id and renown <> new_renown;
  else
    delete from movie_titles where movie_id = movie.id;
    delete from movie_other_titles where movie_id = movie.id;
  end if;
end $$;`;

/** As it was before. */
const formerKeepMovieTitle = `
create or replace function keep_movie_title(movie movies) returns void language plpgsql as $$
begin
  if movie.state in ('listed', 'detailed') then
    perform put_movie_title(movie.id, movie.tmdb_id, coalesce(movie.long_title, movie.title), movie.original_title,
      movie.popularity, movie.vote_count);
  else
    delete from movie_titles where movie_id = movie.id;
  end if;
end $$;`;

/** What was mirrored before is found at once, too: a thousand movies in each statement. */
const fill = `
do $$
declare
  ids bigint[];
  after bigint := 0;
begin
  loop
    ids := array(select id from movies where id > after and state = 'detailed' order by id limit 1000);
    exit when cardinality(ids) = 0;
    perform put_translated_titles(ids);
    perform put_alternative_titles(ids);
    after := ids[cardinality(ids)];
  end loop;
end $$;`;

const inserted = {
  movie_translations: 'put_translated_titles',
  movie_alternative_titles: 'put_alternative_titles',
};

export class Migration20261128101037_other_titles extends Migration {
  override name = 'Migration20261128101037_other_titles';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create table "movie_other_titles" ("movie_id" bigint not null, "kind" smallint not null, "keys" text[] not null, "languages" text[] not null, "words" tsvector not null, "renown" smallint not null default 0, "version" int not null default 0, primary key ("movie_id", "kind"));`,
    );
    this.addSql(
      `create table "other_title_words" ("word" text not null, "writer" int not null, primary key ("word", "writer"));`,
    );
    this.addSql(
      `alter table "movie_other_titles" add constraint "movie_other_titles_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );
    for (const sql of [movieRenown, putTranslatedTitles, putAlternativeTitles, keepMovieTitle])
      this.addSql(sql);
    for (const [table, put] of Object.entries(inserted)) this.addSql(keepInserted(table, put));
    this.addSql(fill);
    // Made when the rows are there, which is faster.
    this.addSql(
      `create index "movie_other_titles_version_index" on "movie_other_titles" ("version", "movie_id");`,
    );
    this.addSql(
      `create index movie_other_titles_best_words_index on movie_other_titles using gin (words) where renown = 2;`,
    );
    this.addSql(
      `create index movie_other_titles_known_words_index on movie_other_titles using gin (words) where renown >= 1;`,
    );
    this.addSql(`create index movie_other_titles_words_index on movie_other_titles using gin (words);`);
    this.addSql(
      `create index other_title_words_similar_index on other_title_words using gin (word gin_trgm_ops);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(formerKeepMovieTitle);
    for (const [table, put] of Object.entries(inserted)) {
      this.addSql(`drop trigger ${table}_keep_titles on ${table};`);
      this.addSql(`drop function keep_${table}();`);
      this.addSql(`drop function ${put}(bigint[]);`);
    }
    this.addSql('drop function movie_renown(float8, int);');
    this.addSql(`drop table if exists "movie_other_titles" cascade;`);
    this.addSql(`drop table if exists "other_title_words" cascade;`);
  }
}
