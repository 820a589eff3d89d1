import type pg from 'pg';
import { titleInventor } from './invent-title.ts';

export interface OtherTitles {
  /** Gives each detailed one of these movies a title in each language, and what it is found by. */
  fill(client: pg.Client, ids: readonly number[]): Promise<void>;
  /** Once, at the end: the words of all of them. */
  fillWords(client: pg.Client): Promise<void>;
}

/** Between the elements of a list that travels as a text. */
const between = '\u0001';

/**
 * Titles of other languages, made of the words of given ones: half of the words as they are, as names are, the others
 * with an ending of the language. Each word is folded once: the database needs a minute for each hundred thousand titles.
 */
export function inventOtherTitles(titles: readonly string[], languages: number): OtherTitles {
  const translated = translationInventor(titles);
  const folded = new Map<string, string>();
  const fold = async (client: pg.Client, texts: readonly string[]) => {
    const words = [...new Set(texts.flatMap((text) => text.split(/\s+/)))].filter(
      (word) => !folded.has(word),
    );
    const { rows } = await client.query<{ word: string; folded: string }>(
      'select word, search_text(word) as folded from unnest($1::text[]) as word',
      [words],
    );
    for (const row of rows) folded.set(row.word, row.folded);
  };
  const pieces = (title: string) => title.split(/\s+/).flatMap((word) => folded.get(word) || []);
  return {
    async fill(client, ids) {
      const { rows } = await client.query<{ id: string; tmdb_id: number }>(
        "select id, tmdb_id from movies where tmdb_id = any($1::int[]) and state = 'detailed' order by id",
        [ids],
      );
      const movies = rows.map(({ id, tmdb_id }) => ({
        id,
        titles: Array.from({ length: languages }, (_, n) => translated(tmdb_id, n)),
      }));
      await fold(
        client,
        movies.flatMap((movie) => movie.titles),
      );
      const rowIds = movies.map(({ id }) => id);
      for (let n = 0; n < languages; n++)
        await client.query(translationsText, [rowIds, movies.map((movie) => movie.titles[n]), languageOf(n)]);
      const found = movies.map((movie) => movie.titles.map(pieces));
      await client.query(otherTitlesText, [
        rowIds,
        found.map((each) => each.map(keyOf).join(between)),
        found.map((each) => [...new Set(each.flatMap(lexemesOf))].join(between)),
        Array.from({ length: languages }, (_, n) => languageOf(n).slice(0, 2)),
      ]);
    },
    async fillWords(client) {
      const words = new Set([...folded.values()].flatMap((text) => text.split(/[ |]/)));
      await client.query(wordsText, [
        [...words].filter((word) => /^.{3,30}$/u.test(word) && !/^\d+$/.test(word)),
      ]);
    },
  };
}

const languageOf = (n: number) => `${String.fromCharCode(97 + n)}a-XX`;
const endings = 'aeiouyrs';
const mostCharacters = 255;

/** Makes the title of a movie in the nth language. */
export function translationInventor(titles: readonly string[]): (id: number, n: number) => string {
  const invent = titleInventor(titles);
  return (id, n) =>
    invent(id + (n + 1) * 10_000_019)
      .split(' ')
      .map((word, at) => ((at + id) % 2 === 0 ? word : `${word}${endings[n % endings.length]}`))
      .join(' ')
      .slice(0, mostCharacters)
      .toWellFormed();
}

/** As `search_key` and `search_words` have it. */
const keyOf = (pieces: readonly string[]): string =>
  pieces
    .join('|')
    .replace(/(?<![^ |])([a-z\u00df-\u1fff]) (?=[a-z\u00df-\u1fff](?:$|[ |]))/g, '$1')
    .replaceAll('|', ' ');
const lexemesOf = (pieces: readonly string[]): string[] =>
  [
    ...pieces
      .flatMap((piece) => [...piece.split(' '), piece.replaceAll(' ', '')])
      .map((word) => cut(word, 60)),
    `=${cut(pieces.join('').replaceAll(' ', ''), 150)}`,
  ].filter((word) => word !== '' && word !== '=');
const cut = (text: string, most: number) =>
  text.length <= most ? text : Array.from(text).slice(0, most).join('');

const translationsText = `
  insert into movie_translations (movie_id, language, title)
  select id, $3, title from unnest($1::bigint[], $2::text[]) as i(id, title)`;

const otherTitlesText = `
  insert into movie_other_titles (movie_id, kind, keys, languages, words, renown, version)
  select m.id, 0, string_to_array(keys, chr(1)), $4::text[], array_to_tsvector(string_to_array(words, chr(1))),
    movie_renown(m.popularity, m.vote_count), search_version()
  from unnest($1::bigint[], $2::text[], $3::text[]) as i(id, keys, words) join movies m on m.id = i.id`;

const wordsText =
  'insert into other_title_words (word, writer) select word, 0 from unnest($1::text[]) as word';
