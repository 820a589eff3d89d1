import { Migration } from '@mikro-orm/migrations';

/** Needed by the indexes below, and trusted: whoever owns the database may have them. */
const extensions = ['create extension if not exists pg_trgm;', 'create extension if not exists unaccent;'];

/**
 * A text as its pieces between blanks, parted by `|`, without case, accents and punctuation; what punctuation parted is
 * parted by a blank, as are the characters of scripts that part no words. "The WALL·E" is `the|wall e`. Only the start
 * of an endless text counts, and one of punctuation alone stands for itself.
 */
const searchText = String.raw`
create function search_text(whole text) returns text language plpgsql immutable parallel safe as $$
declare
  plain text collate "pg_c_utf8" := left(whole, 300);
begin
  if octet_length(plain) <> length(plain) then
    plain := regexp_replace(unaccent(normalize(plain, nfc)),
      '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', '-\1-', 'g');
  end if;
  plain := lower(plain);
  if plain !~ '[[:alnum:]]' then
    return left(regexp_replace(plain, '[\s|]+', '', 'g'), 30);
  end if;
  plain := regexp_replace(replace(translate(plain, '|', ' '), '&', ' and '), '\s+', '|', 'g');
  return btrim(regexp_replace(regexp_replace(plain, '[^[:alnum:]|]+', ' ', 'g'), ' *(\| *)+', '|', 'g'), '| ');
end $$;`;

/**
 * What a folded text is found by: its pieces, their parts, and, after a `=`, the whole as one word. "wall e" is found
 * as wall, as e and as walle.
 */
const searchWords = `
create function search_words(folded text) returns text[] language plpgsql immutable parallel safe as $$
declare
  words text[] := string_to_array(translate(folded, '|', ' '), ' ') || string_to_array(replace(folded, ' ', ''), '|');
begin
  if folded ~ '[^| ]{61}' then
    words := array(select left(word, 60) from unnest(words) as word);
  end if;
  return array_remove(words || search_whole(folded), '');
end $$;

create function search_whole(folded text) returns text language plpgsql immutable parallel safe as $$
begin
  return case when folded = '' then '' else '=' || left(translate(folded, '| ', ''), 150) end;
end $$;`;

/** The words of a title or name, where they are not known yet. Those that nobody mistypes are left out. */
const rememberWords = (table: string) => `
  insert into ${table} (word, writer)
  select distinct word, pg_backend_pid() from unnest(words) as found(word)
  where length(word) between 3 and 30 and word !~ '^(=|[0-9]+$)'
    and not exists (select 1 from ${table} known where known.word = found.word)
  on conflict do nothing;`;

/**
 * How well known a movie is, as words: what a common word matches can then be looked for among the well known alone.
 * Coarse, so that a popularity that moves every day seldom writes anything here.
 */
const searchRenown = `
create function search_renown(popularity float8) returns text[] language plpgsql immutable parallel safe as $$
begin
  return case when popularity >= 10 then array['#1', '#2'] when popularity >= 2 then array['#2'] else array[]::text[] end;
end $$;`;

const putMovieTitle = `
create function put_movie_title(of_movie bigint, of_tmdb_id int, title text, original_title text, popularity float8)
returns void language plpgsql as $$
declare
  folded text := search_text(title);
  original text := nullif(search_text(original_title), folded);
  words text[] := search_words(folded) || search_words(coalesce(original, ''));
begin
  insert into movie_titles as t (movie_id, tmdb_id, title_key, original_key, words)
  values (of_movie, of_tmdb_id, translate(folded, '|', ' '), translate(original, '|', ' '),
    array_to_tsvector(words || search_renown(popularity)))
  on conflict on constraint movie_titles_pkey do update
  set title_key = excluded.title_key, original_key = excluded.original_key, words = excluded.words;
  ${rememberWords('title_words')}
end $$;`;

const putPersonName = `
create function put_person_name(of_person int, name text) returns void language plpgsql as $$
declare
  folded text := search_text(name);
  words text[] := search_words(folded);
begin
  insert into person_names as n (person_id, name_key, words)
  values (of_person, translate(folded, '|', ' '), array_to_tsvector(words))
  on conflict on constraint person_names_pkey do update set name_key = excluded.name_key, words = excluded.words;
  ${rememberWords('name_words')}
end $$;`;

/** Only what lists may show can be found. */
const keepMovieTitle = `
create function keep_movie_title(movie movies) returns void language plpgsql as $$
begin
  if movie.state in ('listed', 'detailed') then
    perform put_movie_title(movie.id, movie.tmdb_id, coalesce(movie.long_title, movie.title), movie.original_title,
      movie.popularity);
  else
    delete from movie_titles where movie_id = movie.id;
  end if;
end $$;`;

/** What was mirrored before can be found, too, however long that takes. */
const backfill = [
  'set local statement_timeout = 0;',
  `select count(put_movie_title(id, tmdb_id, coalesce(long_title, title), original_title, popularity)) from movies
    where state in ('listed', 'detailed');`,
  'select count(put_person_name(id, name)) from people;',
];

const functions = [searchText, searchWords, searchRenown, putMovieTitle, keepMovieTitle, putPersonName];

export class Migration20261122222801_search extends Migration {
  override name = 'Migration20261122222801_search';

  override up(): void | Promise<void> {
    for (const sql of [...extensions, ...functions]) this.addSql(sql);

    this.addSql(
      `create table "movie_titles" ("movie_id" bigint not null, "tmdb_id" int not null, "title_key" text not null, "original_key" text null, "words" tsvector not null, primary key ("movie_id"));`,
    );
    this.addSql(`create index movie_titles_words_index on movie_titles using gin (words);`);
    this.addSql(`create index "movie_titles_title_key_index" on "movie_titles" ("title_key", "tmdb_id");`);

    this.addSql(
      `create table "name_words" ("word" text not null, "writer" int not null, primary key ("word", "writer"));`,
    );
    this.addSql(`create index name_words_similar_index on name_words using gin (word gin_trgm_ops);`);

    this.addSql(
      `create table "person_names" ("person_id" int not null, "name_key" text not null, "words" tsvector not null, primary key ("person_id"));`,
    );
    this.addSql(`create index person_names_words_index on person_names using gin (words);`);

    this.addSql(
      `create table "title_words" ("word" text not null, "writer" int not null, primary key ("word", "writer"));`,
    );
    this.addSql(`create index title_words_similar_index on title_words using gin (word gin_trgm_ops);`);

    this.addSql(
      `create index movies_by_popularity_index on movies (popularity desc nulls last, tmdb_id) include (id, adult, certification, release_date, vote_average) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create index movies_by_vote_average_index on movies ((case when vote_count = 0 then null else vote_average end) desc nulls last, vote_count desc nulls last, tmdb_id) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create index movies_by_release_date_index on movies (release_date desc nulls last, tmdb_id) where state in ('listed', 'detailed');`,
    );
    this.addSql(
      `create or replace function "movies_movies_keep_title_fn"() returns trigger as $$ begin if (old.title, old.long_title, old.original_title, old.state in ('listed', 'detailed'), old.popularity >= 10, old.popularity >= 2) is distinct from (new.title, new.long_title, new.original_title, new.state in ('listed', 'detailed'), new.popularity >= 10, new.popularity >= 2) then perform keep_movie_title(new); end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "movies_keep_title" AFTER INSERT OR UPDATE on "movies" for each ROW execute function "movies_movies_keep_title_fn"();`,
    );

    this.addSql(`drop index "movie_genres_genre_id_index";`);
    this.addSql(`create index "movie_genres_genre_id_index" on "movie_genres" ("genre_id", "movie_id");`);

    this.addSql(`create index people_by_popularity_index on people (popularity desc nulls last, id);`);
    this.addSql(
      `create or replace function "people_people_keep_name_fn"() returns trigger as $$ begin if old.name is distinct from new.name then perform put_person_name(new.id, new.name); end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "people_keep_name" AFTER INSERT OR UPDATE on "people" for each ROW execute function "people_people_keep_name_fn"();`,
    );

    this.addSql(
      `alter table "movie_titles" add constraint "movie_titles_movie_id_foreign" foreign key ("movie_id") references "movies" ("id") on update no action on delete cascade;`,
    );

    this.addSql(
      `alter table "person_names" add constraint "person_names_person_id_foreign" foreign key ("person_id") references "people" ("id") on update no action on delete cascade;`,
    );

    for (const sql of backfill) this.addSql(sql);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "movie_titles" cascade;`);
    this.addSql(`drop table if exists "name_words" cascade;`);
    this.addSql(`drop table if exists "person_names" cascade;`);
    this.addSql(`drop table if exists "title_words" cascade;`);

    this.addSql(`drop index "movies_by_popularity_index";`);
    this.addSql(`drop index "movies_by_vote_average_index";`);
    this.addSql(`drop index "movies_by_release_date_index";`);
    this.addSql(`drop trigger if exists "movies_keep_title" on "movies";`);
    this.addSql(`drop function if exists "movies_movies_keep_title_fn"();`);

    this.addSql(`drop index "movie_genres_genre_id_index";`);
    this.addSql(`create index "movie_genres_genre_id_index" on "movie_genres" ("genre_id");`);

    this.addSql(`drop index "people_by_popularity_index";`);
    this.addSql(`drop trigger if exists "people_keep_name" on "people";`);
    this.addSql(`drop function if exists "people_people_keep_name_fn"();`);

    // The extensions stay: they may have been there before.
    for (const name of ['keep_movie_title', 'put_movie_title', 'put_person_name'])
      this.addSql(`drop function ${name};`);
    for (const name of ['search_renown', 'search_words', 'search_whole', 'search_text'])
      this.addSql(`drop function ${name};`);
  }
}
