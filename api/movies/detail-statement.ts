import { empty, type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { posterColumn, translationsColumn } from '../localization/read-movie-texts.ts';
import type { Movie } from './model.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

interface AskedDocument {
  tmdbId: number;
  /** `xx` */
  code: string;
  /** The language of most of its speakers: `de-DE`. */
  own: string;
  region: string;
}

/** What both statements select: a movie as it is stored, in TMDb's own words. */
export interface DocumentRow extends Omit<MovieRow<never, never>, 'data' | 'language' | 'odd'> {
  /** JSON text. */
  document: string | null;
  texts: Translation[];
  poster_path: string | null;
  /** All languages that there are texts in. */
  languages: string[];
  alternative_titles: Movie['alternative_titles'];
  /** What is known of the region. */
  local_certification: string | null;
  local_date: string | null;
  /** As `stored-parts.ts` packs them. */
  details: Uint8Array | null;
  release_dates: Uint8Array | null;
  videos: Uint8Array | null;
  providers: Uint8Array | null;
}

const part = (name: string): Fragment =>
  sql`(select p.body from movie_parts p where p.movie_id = m.id and p.part = ${raw(`'${name}'`)})`;

/** What both statements are made of. One row always, also for an id nobody knows. */
const statementOf = (
  { tmdbId, code, own, region }: PlaceholdersOf<AskedDocument>,
  document: Fragment,
  join: Fragment,
): Fragment => sql`
    select ${readingColumns('m', tmdbId)}, ${document} as document,
      ${translationsColumn(sql`title, overview, tagline, homepage, runtime`, { code, own })} as texts,
      ${posterColumn({ code })} as poster_path,
      array(select t.language from movie_translations t where t.movie_id = m.id order by t.language) as languages,
      array_to_json(array(select row_to_json(t) from (
        select country as iso_3166_1, title, type from movie_alternative_titles t
        where t.movie_id = m.id order by t.position
      ) t)) as alternative_titles,
      r.certification as local_certification, r.release_date::text as local_date,
      ${part('details')} as details, ${part('release_dates')} as release_dates,
      ${part('videos')} as videos, ${part('watch/providers')} as providers
    from (select ${tmdbId}::int as tmdb_id) asked
    left join movies m on m.tmdb_id = asked.tmdb_id
    left join movie_releases r on r.movie_id = m.id and r.country = ${region}::text
    ${join}`;

/**
 * One movie from its document, which the worker wrote ready: a few index look-ups, however large the cast. A document
 * of another version holds other fields, and is left aside.
 */
export const documentStatement = prepared<AskedDocument, DocumentRow>(
  'api-movie-document',
  ({ tmdbId, code, own, region }) =>
    statementOf(
      { tmdbId, code, own, region },
      sql`case when d.version = ${documentVersion} then d.document end`,
      sql`left join movie_documents d on d.movie_id = m.id and m.state = 'detailed'`,
    ),
);

/**
 * The same from the rows themselves, for a movie that has no such document: one known only from a list, or one whose
 * document is old.
 */
export const detailStatement = prepared<AskedDocument, DocumentRow>(
  'api-movie-detail',
  ({ tmdbId, code, own, region }) =>
    statementOf(
      { tmdbId, code, own, region },
      sql`case when m.state in ('listed', 'detailed') then ${documentColumn} end`,
      empty,
    ),
);
