import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { DetailParts } from '#shared/movies/detail-parts.ts';
import { piecesOf } from '#shared/movies/document-pieces.ts';
import { type DocumentHead, headInLanguage, membersOf } from '#shared/movies/present-movie.ts';
import {
  answerVersion,
  type OwnTexts,
  storedFor,
  storedPictures,
  writeAnswer,
} from '#shared/movies/stored-answer.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { AnsweredMovie, MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { movieDocument } from './movie-document.ts';

/** What an answer is made of. */
export interface AnswerSource extends Pick<MirroredMovie, 'translations' | 'alternative_titles' | 'posters'> {
  document: string;
  parts: DetailParts;
}

/**
 * The answer of a movie as TMDb just answered. One whose parts could not all be read has none: what is stored of it is
 * shown piece by piece.
 */
export function answerOfNew(movie: AnsweredMovie, kept: KeptLanguages): string | undefined {
  if (movie.parts.lost.length > 0) return undefined;
  const part = (name: Parameters<typeof movie.parts.texts.get>[0]) =>
    JSON.parse(movie.parts.texts.get(name) ?? '{}') as Record<string, unknown>;
  const parts: DetailParts = {
    details: part('details'),
    release_dates: part('release_dates'),
    videos: part('videos'),
    providers: part('watch/providers'),
  };
  return answerOf({ ...movie, document: movieDocument(movie), parts }, kept);
}

export interface MadeAnswer {
  movie_id: string;
  /** `undefined`: none is stored. */
  answer: string | undefined;
}

/** Writes the answers of movies whose rows and parts are written already, in the same transaction. */
export async function saveAnswers(on: Sql, answers: readonly MadeAnswer[]): Promise<void> {
  const bodies: Buffer[] = [];
  let start = 1;
  const rows = answers.flatMap(({ movie_id, answer }) => {
    if (answer === undefined) return [];
    const body = Buffer.from(answer);
    bodies.push(body);
    start += body.length;
    return [{ movie_id, start: start - body.length, size: body.length }];
  });
  if (rows.length === 0) return;
  // All answers travel as one binary value: within JSON each of their quotation marks would be escaped, and read again.
  const answer = sql`convert_from(substring(${Buffer.concat(bodies)}::bytea from i.start for i.size), 'UTF8')`;
  await runStatement(
    on,
    sql`
    insert into movie_answers (movie_id, answer, version, content_hash, parts_hash, parts_version)
    select m.id, ${answer}, ${answerVersion}::int, m.content_hash, m.parts_hash, m.parts_version
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(movie_id bigint, start int, size int)
    join movies m on m.id = i.movie_id
    where m.content_hash is not null and m.parts_hash is not null and m.parts_version is not null
    on conflict (movie_id) do update set answer = excluded.answer, version = excluded.version,
      content_hash = excluded.content_hash, parts_hash = excluded.parts_hash, parts_version = excluded.parts_version`,
  );
}

/** The api makes the same of the rows (`select-movie.ts`); a test holds the two together. */
export function answerOf(source: AnswerSource, kept: KeptLanguages): string | undefined {
  const { document, parts, translations, alternative_titles, posters } = source;
  const pieces = piecesOf(document);
  const stored = JSON.parse(pieces.head) as DocumentHead;
  const keptTexts = translations.filter(({ language }) => isKept(kept, language));
  const { language } = storedFor;
  // Those that the api reads for this language, in its order.
  const read = ['en', stored.original_language];
  const texts = keptTexts
    .filter((row) => read.includes(row.language.slice(0, 2)))
    .sort((a, b) => rankOf(a.language) - rankOf(b.language) || (a.language < b.language ? -1 : 1));
  const english = posters.findLast((poster) => poster.language === 'en');
  const poster_path = english !== undefined && isCodeKept(kept, 'en') ? english.path : null;
  const { head, languages } = headInLanguage(stored, { texts, poster_path }, { language, genres: noNames });
  const members = membersOf(
    head,
    {
      pieces,
      parts,
      languages: keptTexts.map((row) => row.language).sort(),
      alternative_titles: alternative_titles.map(({ country, title, type }) => {
        return { iso_3166_1: country, title, type };
      }),
    },
    { region: storedFor.region, pictures: storedPictures },
  );
  return writeAnswer(members, { languages, own: textsOf(stored, head) });
}

const noNames: ReadonlyMap<number, string> = new Map();
const rankOf = (language: string) => (language === storedFor.language ? 0 : 1);
const ownTexts = ['title', 'overview', 'tagline', 'homepage', 'runtime', 'poster_path'] as const;

/** Those of a movie that its answer does not show. */
const textsOf = (stored: DocumentHead, shown: DocumentHead): OwnTexts =>
  Object.fromEntries(
    ownTexts.flatMap((field) => (stored[field] === shown[field] ? [] : [[field, stored[field]]])),
  );
