import type { Pool } from 'pg';
import {
  empty,
  type Fragment,
  type PlaceholdersOf,
  prepared,
  raw,
  sql,
  unknownList,
} from '#shared/db/sql.ts';
import type { Translation } from '#shared/movies/choose-texts.ts';
import { type CollectionNames, collectionNamesColumn } from '#shared/movies/collection-names.ts';
import { documentColumn } from '#shared/movies/document-columns.ts';
import { documentVersion } from '#shared/movies/document-fields.ts';
import { posterColumn, translationsColumn } from '../localization/read-movie-texts.ts';
import { selectByTurn } from '../store/select-by-turn.ts';
import type { Movie } from './model.ts';
import { type MovieRow, readingColumns } from './movie-row.ts';

export interface AskedDocument {
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
  /** What its collection is called in the language, the country of most speakers first. */
  collection_names: CollectionNames;
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

const one = ({ tmdbId, code, own, region }: PlaceholdersOf<AskedDocument>): Fragment =>
  sql`(select ${tmdbId}::int as tmdb_id, ${code}::text as code, ${own}::text as own, ${region}::text as region) asked`;

interface Parts {
  /** `asked (tmdb_id, code, own, region)` */
  asked: Fragment;
  document: Fragment;
  join: Fragment;
  /** Beside what all select. */
  more?: Fragment;
}

/** What all statements are made of. One row for each that is asked for, also for an id nobody knows. */
const statementOf = ({ asked, document, join, more = empty }: Parts): Fragment => {
  const [tmdbId, code, own] = [sql`asked.tmdb_id`, sql`asked.code`, sql`asked.own`];
  return sql`
    select ${more} ${readingColumns('m', tmdbId)}, ${document} as document,
      ${translationsColumn(sql`title, overview, tagline, homepage, runtime`, { code, own })} as texts,
      ${posterColumn({ code })} as poster_path,
      array(select t.language from movie_translations t where t.movie_id = m.id order by t.language) as languages,
      array_to_json(array(select row_to_json(t) from (
        select country as iso_3166_1, title, type from movie_alternative_titles t
        where t.movie_id = m.id order by t.position
      ) t)) as alternative_titles,
      ${collectionNamesColumn({ code, own })} as collection_names,
      r.certification as local_certification, r.release_date::text as local_date,
      ${part('details')} as details, ${part('release_dates')} as release_dates,
      ${part('videos')} as videos, ${part('watch/providers')} as providers
    from ${asked}
    left join movies m on m.tmdb_id = asked.tmdb_id
    left join movie_releases r on r.movie_id = m.id and r.country = asked.region
    ${join}`;
};

const fromDocument = {
  document: sql`case when d.version = ${documentVersion} then d.document end`,
  join: sql`left join movie_documents d on d.movie_id = m.id and m.state = 'detailed'`,
};

/**
 * One movie from its document, which the worker wrote ready: a few index look-ups, however large the cast. A document
 * of another version holds other fields, and is left aside.
 */
export const documentStatement = prepared<AskedDocument, DocumentRow>('api-movie-document', (asked) =>
  statementOf({ asked: one(asked), ...fromDocument }),
);

interface AskedDocuments {
  tmdbIds: number[];
  codes: string[];
  owns: string[];
  regions: string[];
}

/** The same of several. `turn` is which of them a row is, from 1. */
const documentsStatement = prepared<AskedDocuments, DocumentRow & { turn: number }>(
  'api-movie-documents',
  ({ tmdbIds, codes, owns, regions }) =>
    statementOf({
      asked: sql`unnest(${unknownList(tmdbIds, 'int')}, ${unknownList(codes, 'text')}, ${unknownList(owns, 'text')},
        ${unknownList(regions, 'text')})
        with ordinality as asked(tmdb_id, code, own, region, turn)`,
      more: sql`asked.turn::int,`,
      ...fromDocument,
    }),
);

/** The documents of movies, in the order in which they are asked for. */
export async function selectDocumentRows(
  pool: Pool,
  asked: readonly AskedDocument[],
): Promise<DocumentRow[]> {
  const rows = await selectByTurn(pool, asked, {
    one: documentStatement,
    several: (all) =>
      documentsStatement({
        tmdbIds: all.map(({ tmdbId }) => tmdbId),
        codes: all.map(({ code }) => code),
        owns: all.map(({ own }) => own),
        regions: all.map(({ region }) => region),
      }),
  });
  return rows.flat();
}

/**
 * The same from the rows themselves, for a movie that has no such document: one known only from a list, or one whose
 * document is old.
 */
export const detailStatement = prepared<AskedDocument, DocumentRow>('api-movie-detail', (asked) =>
  statementOf({
    asked: one(asked),
    document: sql`case when m.state in ('listed', 'detailed') then ${documentColumn} end`,
    join: empty,
  }),
);
