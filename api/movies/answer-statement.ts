import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql, unknownList } from '#shared/db/sql.ts';
import { isAnswered } from '#shared/movies/answer-made-of.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { type CollectionNames, collectionNamesColumn } from '#shared/movies/collection-names.ts';
import { staleAt } from '#shared/movies/freshness.ts';
import { storedFor } from '#shared/movies/stored-answer.ts';
import type { Room } from '../http/answers/ready-body.ts';
import { posterColumn, translationsColumn } from '../localization/read-movie-texts.ts';
import { queryInBinary } from '../store/query-in-binary.ts';
import { queryStore } from '../store/query-store.ts';
import { selectByTurn } from '../store/select-by-turn.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

/** What `stored-answer.ts` has of a movie; without an answer where it has none, or none that is up to date. */
export interface AnswerRow extends Omit<MovieRow<never, never>, 'data' | 'language' | 'odd'> {
  answer: Buffer | null;
  /** Around `answer`. */
  room?: Room;
}

interface TextRow extends Omit<AnswerRow, 'answer' | 'room'> {
  answer: string | null;
}

/** With what differs in a language and a region. */
export interface LocalAnswerRow extends TextRow {
  texts: Translation[];
  /** What its collection is called in the language, where it has one. */
  collection_names: CollectionNames | null;
  poster_path: string | null;
  local_certification: string | null;
  local_date: string | null;
  /** As `stored-parts.ts` packs it. */
  providers: Uint8Array | null;
}

const isReady = isAnswered('m');
const answerColumn = sql`case when ${isReady} then m.answer end as answer`;

const text = (value: string): Fragment => raw(`'${value}'`);

interface PlainRow {
  fetched_at_ms: number;
  stale_at_ms: number;
  answer: Buffer;
}

/** What nearly all ask for, and nothing that only others need: each table and each column costs time. Read in binary. */
const plainColumns = sql`m.fetched_at as fetched_at_ms, ${staleAt('m')} as stale_at_ms, m.answer`;

/** Of padded text behind the answer, and its length. */
const padBytes = 128;
/** What stands around an answer in its row as it is sent. Before it: what the row is and how long, two times, a length. */
const roomInRow: Room = { before: 27, after: 4 + padBytes };

/**
 * One movie's: two index look-ups, however large its cast. No row where it has no answer. What surrounds an answer in
 * our envelope is written into its row, so that its bytes are never copied.
 */
export const plainStatement = prepared<{ tmdbId: number }, PlainRow>(
  'api-movie-plain-answer',
  ({ tmdbId }) => sql`
    select ${plainColumns}, ''::char(${raw(String(padBytes))})
    from movies m where m.tmdb_id = ${tmdbId}::int and ${isReady}`,
);

const plainOnes = prepared<{ tmdbIds: number[] }, PlainRow & { tmdb_id: number }>(
  'api-movie-plain-answers',
  ({ tmdbIds }) => sql`
    select m.tmdb_id, ${plainColumns} from movies m
    where m.tmdb_id = any(${unknownList(tmdbIds, 'int')}) and ${isReady}`,
);

/** The same of a movie whatever is known of it. */
const answerStatement = prepared<{ tmdbId: number }, TextRow>(
  'api-movie-answer',
  ({ tmdbId }) => sql`
    select ${readingColumns('m', tmdbId)}, ${answerColumn}
    from (select ${tmdbId}::int as tmdb_id) asked left join movies m on m.tmdb_id = asked.tmdb_id`,
);

/** `turn` is which of them a row is, from 1. */
const several = prepared<{ tmdbIds: number[] }, TextRow & { turn: number }>(
  'api-movie-answers',
  ({ tmdbIds }) => sql`
    select asked.turn::int, ${readingColumns('m', sql`asked.tmdb_id`)}, ${answerColumn}
    from unnest(${unknownList(tmdbIds, 'int')}) with ordinality as asked(tmdb_id, turn)
    left join movies m on m.tmdb_id = asked.tmdb_id`,
);

/** The answer of one as it is stored. */
export const selectAnswer = (pool: Pool, tmdbId: number): Promise<AnswerRow> =>
  queryInBinary(pool, plainStatement({ tmdbId })).then(([row]) =>
    row === undefined
      ? selectOthers(pool, [tmdbId]).then(([other]) => other as AnswerRow)
      : { ...answerRowOf(row), room: roomInRow },
  );

/** The same of several, in the order in which they are asked for. */
export async function selectAnswers(pool: Pool, tmdbIds: readonly number[]): Promise<AnswerRow[]> {
  const rows = await queryInBinary(pool, plainOnes({ tmdbIds: [...tmdbIds] }));
  const found = new Map(rows.map((row) => [row.tmdb_id, row]));
  const others = tmdbIds.filter((id) => !found.has(id));
  const otherRows = others.length === 0 ? [] : await selectOthers(pool, others);
  let other = 0;
  return tmdbIds.map((id) => {
    const row = found.get(id);
    return row === undefined ? (otherRows[other++] as AnswerRow) : answerRowOf(row);
  });
}

const answerRowOf = ({ fetched_at_ms, stale_at_ms, answer }: PlainRow): AnswerRow => ({
  state: 'detailed',
  fetched_at_ms,
  stale_at_ms,
  moved_to: null,
  absent_at_ms: null,
  answer,
});

async function selectOthers(pool: Pool, tmdbIds: readonly number[]): Promise<AnswerRow[]> {
  const rows = await selectByTurn(pool, tmdbIds, {
    one: (tmdbId) => answerStatement({ tmdbId }),
    several: (all) => several({ tmdbIds: [...all] }),
  });
  return rows.flat().map((row) => ({ ...row, answer: row.answer === null ? null : Buffer.from(row.answer) }));
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
  const isOther = sql`${isReady} and asked.language <> ${text(storedFor.language)}`;
  return sql`
    select asked.turn::int, ${readingColumns('m', sql`asked.tmdb_id`)}, ${answerColumn},
      case when m.collection_id is not null then ${collectionNamesColumn({ code, own })} end as collection_names,
      case when ${isOther} then
        ${translationsColumn(sql`title, overview, tagline, homepage, runtime`, { code, own })} end as texts,
      case when ${isOther} then ${posterColumn({ code })} end as poster_path,
      r.certification as local_certification, r.release_date::text as local_date,
      case when ${isReady} and asked.region <> ${text(storedFor.region)} then (
        select p.body from movie_parts p where p.movie_id = m.id and p.part = 'watch/providers'
      ) end as providers
    from unnest(${unknownList(tmdbIds, 'int')}, ${unknownList(languages, 'text')}, ${unknownList(codes, 'text')},
      ${unknownList(owns, 'text')}, ${unknownList(regions, 'text')})
      with ordinality as asked(tmdb_id, language, code, own, region, turn)
    left join movies m on m.tmdb_id = asked.tmdb_id
    left join movie_releases r on r.movie_id = m.id and r.country = asked.region`;
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
