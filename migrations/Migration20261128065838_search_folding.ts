import { Migration } from '@mikro-orm/migrations';

/** Letters that keyboards write differently, or that stand only at the end of words, and what they are written as. */
const pairs: readonly (readonly [letters: string, written: string])[] = [
  // Greek and Hebrew, at the end of a word.
  ['ςךםןףץ', 'σכמנפצ'],
  // Arabic, Persian, Urdu, Kurdish: yeh, kaf, heh, alef.
  ['یىےکڪةہھەۃٱ', 'يييككههههها'],
  // Digits. Full-width ones are compatibility characters.
  ['٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'],
  ['०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙', '012345678901234567890123456789'],
  ['\u0901', '\u0902'],
  // Katakana as hiragana.
  [range(0x30a1, 0x30f6), range(0x3041, 0x3096)],
];

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)).join('');
}

const letters = pairs.map(([from]) => from).join('');
const written = pairs.map(([, to]) => to).join('');

/**
 * Marks that may be left out: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels and tatweel, nuktas,
 * Thai and Lao tones, and what only says how a character looks. The voicing marks of kana stay.
 */
const marks = [
  String.raw`\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed`,
  String.raw`\u093c\u09bc\u0a3c\u0abc\u0b3c\u0e47-\u0e4e\u0ec8-\u0ecd\ufe00-\ufe0f`,
].join('');
/** Signs of ownership, and characters that nobody sees. */
const unseen = String.raw`©®™℠\u00ad\u200d-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff`;

/**
 * A text as its pieces between blanks, parted by `|`, without case, accents and punctuation; what punctuation parted is
 * parted by a blank, as are the characters of scripts that part no words. "The WALL·E" is `the|wall e`. Characters that
 * only look different become the same: "[REC]²" is `rec 2`. Only the start of an endless text counts, and one of
 * punctuation alone stands for itself.
 */
const searchText = String.raw`
create or replace function search_text(whole text) returns text language plpgsql immutable parallel safe as $$
declare
  plain text collate "pg_c_utf8" := left(whole, 300);
begin
  if octet_length(plain) <> length(plain) then
    plain := regexp_replace(plain, '[${unseen}]+', '', 'g');
    plain := regexp_replace(plain, '([\u00bc-\u00be\u2150-\u215f\u2189])', ' \1', 'g');
    plain := regexp_replace(plain, '(\S)([\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089])', '\1-\2', 'g');
    plain := regexp_replace(normalize(plain, nfkd), '[${marks}]+', '', 'g');
    plain := lower(left(unaccent(normalize(plain, nfkc)), 300));
    plain := regexp_replace(translate(plain, '${letters}', '${written}'),
      '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', '-\1-', 'g');
  end if;
  plain := lower(plain);
  if plain !~ '[[:alnum:]]' then
    return left(regexp_replace(plain, '[\s|]+', '', 'g'), 30);
  end if;
  plain := regexp_replace(replace(translate(plain, '|', ' '), '&', ' and '), '\s+', '|', 'g');
  return btrim(regexp_replace(regexp_replace(plain, '[^[:alnum:]|]+', ' ', 'g'), ' *(\| *)+', '|', 'g'), '| ');
end $$;`;

/** The letter of an initial. */
const initial = String.raw`[a-z\u00df-\u1fff]`;

/** A folded text as it is read: its words parted by blanks, and initials as one word. "A.I. Rising" is `ai rising`. */
const searchKey = String.raw`
create function search_key(folded text) returns text language plpgsql immutable parallel safe as $$
begin
  if folded ~ '(^|[ |])${initial} ${initial}($|[ |])' then
    folded := regexp_replace(folded, '(?<![^ |])(${initial}) (?=${initial}($|[ |]))', '\1', 'g');
  end if;
  return translate(folded, '|', ' ');
end $$;`;

/**
 * How well known a movie is, as words: what a common word matches can then be looked for among the well known alone.
 * Coarse, so that figures that move every day seldom write anything here.
 */
const searchRenown = `
create function search_renown(popularity float8, vote_count int) returns text[] language plpgsql immutable parallel safe as $$
begin
  return case
    when popularity >= 10 or vote_count >= 1000 then array['#1', '#2']
    when popularity >= 2 or vote_count >= 100 then array['#2']
    else array[]::text[] end;
end $$;`;

/** The version of all of these. Rows of another one are written again by `details`, slice by slice. */
const searchVersion = `
create function search_version() returns int language sql immutable parallel safe as 'select 1';`;

const rememberWords = (table: string) => `
  insert into ${table} (word, writer)
  select distinct word, pg_backend_pid() from unnest(words) as found(word)
  where length(word) between 3 and 30 and word !~ '^(=|[0-9]+$)'
    and not exists (select 1 from ${table} known where known.word = found.word)
  on conflict do nothing;`;

const putMovieTitle = `
create function put_movie_title(of_movie bigint, of_tmdb_id int, title text, original_title text, popularity float8, vote_count int)
returns void language plpgsql as $$
declare
  folded text := search_text(title);
  original text := nullif(search_text(original_title), folded);
  words text[] := search_words(folded) || search_words(coalesce(original, ''));
begin
  insert into movie_titles as t (movie_id, tmdb_id, title_key, original_key, words, version)
  values (of_movie, of_tmdb_id, search_key(folded), search_key(original),
    array_to_tsvector(words || search_renown(popularity, vote_count)), search_version())
  on conflict on constraint movie_titles_pkey do update
  set title_key = excluded.title_key, original_key = excluded.original_key, words = excluded.words,
    version = excluded.version;
  ${rememberWords('title_words')}
end $$;`;

const putPersonName = `
create or replace function put_person_name(of_person int, name text) returns void language plpgsql as $$
declare
  folded text := search_text(name);
  words text[] := search_words(folded);
begin
  insert into person_names as n (person_id, name_key, words, version)
  values (of_person, search_key(folded), array_to_tsvector(words), search_version())
  on conflict on constraint person_names_pkey do update
  set name_key = excluded.name_key, words = excluded.words, version = excluded.version;
  ${rememberWords('name_words')}
end $$;`;

const keepMovieTitle = `
create or replace function keep_movie_title(movie movies) returns void language plpgsql as $$
begin
  if movie.state in ('listed', 'detailed') then
    perform put_movie_title(movie.id, movie.tmdb_id, coalesce(movie.long_title, movie.title), movie.original_title,
      movie.popularity, movie.vote_count);
  else
    delete from movie_titles where movie_id = movie.id;
  end if;
end $$;`;

/** As they were before. */
const formerSearchText = String.raw`
create or replace function search_text(whole text) returns text language plpgsql immutable parallel safe as $$
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

const formerPutMovieTitle = `
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

const formerPutPersonName = `
create or replace function put_person_name(of_person int, name text) returns void language plpgsql as $$
declare
  folded text := search_text(name);
  words text[] := search_words(folded);
begin
  insert into person_names as n (person_id, name_key, words)
  values (of_person, translate(folded, '|', ' '), array_to_tsvector(words))
  on conflict on constraint person_names_pkey do update set name_key = excluded.name_key, words = excluded.words;
  ${rememberWords('name_words')}
end $$;`;

const formerKeepMovieTitle = `
create or replace function keep_movie_title(movie movies) returns void language plpgsql as $$
begin
  if movie.state in ('listed', 'detailed') then
    perform put_movie_title(movie.id, movie.tmdb_id, coalesce(movie.long_title, movie.title), movie.original_title,
      movie.popularity);
  else
    delete from movie_titles where movie_id = movie.id;
  end if;
end $$;`;

const functions = [
  searchText,
  searchKey,
  searchRenown,
  searchVersion,
  putMovieTitle,
  keepMovieTitle,
  putPersonName,
];
const former = [formerSearchText, formerPutMovieTitle, formerKeepMovieTitle, formerPutPersonName];

export class Migration20261128065838_search_folding extends Migration {
  override name = 'Migration20261128065838_search_folding';

  override up(): void | Promise<void> {
    this.addSql(`alter table "movie_titles" add "version" int not null default 0;`);
    this.addSql(`create index "movie_titles_version_index" on "movie_titles" ("version", "movie_id");`);
    this.addSql(`alter table "person_names" add "version" int not null default 0;`);
    this.addSql(`create index "person_names_version_index" on "person_names" ("version", "person_id");`);
    this.addSql('drop function put_movie_title(bigint, int, text, text, float8);');
    for (const sql of functions) this.addSql(sql);
    this.addSql(
      `create or replace function "movies_movies_keep_title_fn"() returns trigger as $$ begin if (old.title, old.long_title, old.original_title, old.state in ('listed', 'detailed'), old.popularity >= 10, old.popularity >= 2, old.vote_count >= 1000, old.vote_count >= 100) is distinct from (new.title, new.long_title, new.original_title, new.state in ('listed', 'detailed'), new.popularity >= 10, new.popularity >= 2, new.vote_count >= 1000, new.vote_count >= 100) then perform keep_movie_title(new); end if; return null; end; $$ language plpgsql;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(
      `create or replace function "movies_movies_keep_title_fn"() returns trigger as $$ begin if (old.title, old.long_title, old.original_title, old.state in ('listed', 'detailed'), old.popularity >= 10, old.popularity >= 2) is distinct from (new.title, new.long_title, new.original_title, new.state in ('listed', 'detailed'), new.popularity >= 10, new.popularity >= 2) then perform keep_movie_title(new); end if; return null; end; $$ language plpgsql;`,
    );
    for (const name of [
      'put_movie_title(bigint, int, text, text, float8, int)',
      'search_renown(float8, int)',
    ])
      this.addSql(`drop function ${name};`);
    for (const sql of former) this.addSql(sql);
    for (const name of ['search_key', 'search_version']) this.addSql(`drop function ${name};`);
    this.addSql(`drop index "movie_titles_version_index";`);
    this.addSql(`alter table "movie_titles" drop column "version";`);
    this.addSql(`drop index "person_names_version_index";`);
    this.addSql(`alter table "person_names" drop column "version";`);
  }
}
