import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql } from '#shared/db/sql.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { answerVersion, storedFor } from '#shared/movies/stored-answer.ts';
import { posterColumn, translationsColumn } from '../localization/read-movie-texts.ts';
import { queryStore } from '../store/query-store.ts';
import { type CollectionNames, collectionNamesColumn } from './detail-statement.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

/** What `stored-answer.ts` has of a movie; without an answer where it has none, or none that is up to date. */
export interface AnswerRow extends Omit<MovieRow<never, never>, 'data' | 'language' | 'odd'> {
  answer: string | null;
  /** What its collection is called in the language, where it has one: that may change without the movie. */
  collection_names: CollectionNames | null;
}

/** With what differs in a language and a region. */
export interface LocalAnswerRow extends AnswerRow {
  texts: Translation[];
  poster_path: string | null;
  local_certification: string | null;
  local_date: string | null;
  /** As `stored-parts.ts` packs it. */
  providers: Uint8Array | null;
}

/** An answer that was made of what is stored now. One who forgot to make it again cannot show what is outdated. */
const answers = sql`left join movie_answers a on a.movie_id = m.id and m.state = 'detailed'
  and a.version = ${answerVersion} and a.content_hash = m.content_hash and a.parts_hash = m.parts_hash
  and a.parts_version = m.parts_version`;

const namesIn = (language: { code: Fragment; own: Fragment }): Fragment =>
  sql`case when m.collection_id is not null then ${collectionNamesColumn(language)} end as collection_names`;
const text = (value: string): Fragment => raw(`'${value}'`);
const stored = { code: text(storedFor.language.slice(0, 2)), own: text(storedFor.language) };

/** One movie's: two index look-ups, however large its cast. */
export const answerStatement = prepared<{ tmdbId: number }, AnswerRow>(
  'api-movie-answer',
  ({ tmdbId }) => sql`
    select ${readingColumns('m', tmdbId)}, a.answer, ${namesIn(stored)}
    from (select ${tmdbId}::int as tmdb_id) asked left join movies m on m.tmdb_id = asked.tmdb_id ${answers}`,
);

/** `turn` is which of them a row is, from 1. */
const several = prepared<{ tmdbIds: number[] }, AnswerRow & { turn: number }>(
  'api-movie-answers',
  ({ tmdbIds }) => sql`
    select asked.turn::int, ${readingColumns('m', sql`asked.tmdb_id`)}, a.answer, ${namesIn(stored)}
    from unnest(${tmdbIds}::int[]) with ordinality as asked(tmdb_id, turn)
    left join movies m on m.tmdb_id = asked.tmdb_id ${answers}`,
);

/** Answers as they are stored, in the order in which they are asked for. */
export async function selectAnswers(pool: Pool, tmdbIds: readonly number[]): Promise<AnswerRow[]> {
  const [first] = tmdbIds;
  if (first !== undefined && tmdbIds.length === 1)
    return queryStore(pool, answerStatement({ tmdbId: first }));
  const rows = await queryStore(pool, several({ tmdbIds: [...tmdbIds] }));
  return rows.sort((a, b) => a.turn - b.turn);
}

export interface AskedAnswer {
  tmdbId: number;
  /** `xx-YY` */
  language: string;
  /** `xx` */
  code: string;
  /** The language of most of its speakers: `de-DE`. */
  own: string;
  region: string;
}

const local = prepared<
  { tmdbIds: number[]; languages: string[]; codes: string[]; owns: string[]; regions: string[] },
  LocalAnswerRow & { turn: number }
>('api-local-movie-answers', ({ tmdbIds, languages, codes, owns, regions }) => {
  const [code, own] = [sql`asked.code`, sql`asked.own`];
  const isOther = sql`a.movie_id is not null and asked.language <> ${text(storedFor.language)}`;
  return sql`
    select asked.turn::int, ${readingColumns('m', sql`asked.tmdb_id`)}, a.answer, ${namesIn({ code, own })},
      case when ${isOther} then
        ${translationsColumn(sql`title, overview, tagline, homepage, runtime`, { code, own })} end as texts,
      case when ${isOther} then ${posterColumn({ code })} end as poster_path,
      r.certification as local_certification, r.release_date::text as local_date,
      case when asked.region <> ${text(storedFor.region)} then (
        select p.body from movie_parts p where p.movie_id = a.movie_id and p.part = 'watch/providers'
      ) end as providers
    from unnest(${tmdbIds}::int[], ${languages}::text[], ${codes}::text[], ${owns}::text[], ${regions}::text[])
      with ordinality as asked(tmdb_id, language, code, own, region, turn)
    left join movies m on m.tmdb_id = asked.tmdb_id ${answers}
    left join movie_releases r on r.movie_id = a.movie_id and r.country = asked.region`;
});

/** The same for those who see something else than what is stored. */
export async function selectLocalAnswers(
  pool: Pool,
  asked: readonly AskedAnswer[],
): Promise<LocalAnswerRow[]> {
  const rows = await queryStore(
    pool,
    local({
      tmdbIds: asked.map(({ tmdbId }) => tmdbId),
      languages: asked.map(({ language }) => language),
      codes: asked.map(({ code }) => code),
      owns: asked.map(({ own }) => own),
      regions: asked.map(({ region }) => region),
    }),
  );
  return rows.sort((one, other) => one.turn - other.turn);
}
