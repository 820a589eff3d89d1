import type { Pool } from 'pg';
import { type Fragment, prepared, raw, sql, unknownList } from '#shared/db/sql.ts';
import { textOf } from '#shared/is-blank.ts';
import { chooseTexts } from '#shared/movies/choose-texts.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import { createImageUrl } from '#shared/movies/image-urls.ts';
import { posterOf, translationsOf } from '#shared/movies/localize-details.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { Localization, Unlocalized } from '../localization/localize-items.ts';
import { type Audience, visibleTo } from '../movies/audience.ts';
import type { MovieListItem } from '../movies/model.ts';
import type { FoundRecord, ShownRecord } from '../records/answer-record.ts';
import { type Json, listOf, objectOf } from '../records/json-values.ts';
import { type RecordRow, recordColumns, recordOf } from '../records/record-row.ts';
import { byKey, gatherReads } from '../store/gather-reads.ts';
import { selectByTurn } from '../store/select-by-turn.ts';
import { selectOne } from '../store/select-one.ts';
import type { Collection, CollectionMeta } from './model.ts';

interface CollectionRow extends RecordRow {
  name: string | null;
  details: Uint8Array | null;
  images: Uint8Array | null;
  translations: Uint8Array | null;
}

const parts = ['details', 'images', 'translations'] as const;

const collectionOf = (asked: Fragment): Fragment => sql`
  ${recordColumns({ id: 'c.id', fetchedAt: 'c.fetched_at' })}, c.name,
    ${raw(parts.map((part) => `${part}.body as ${part}`).join(', '))}
  ${recordOf('collection', asked)}
  left join lateral (
    select collections.id, collections.name,
      (select min(movies.fetched_at) from movies where movies.collection_id = collections.id) as fetched_at
    from collections where collections.id = asked.id
  ) c on true
  ${raw(
    parts
      .map(
        (part) =>
          `left join record_parts ${part} on ${part}.kind = r.kind and ${part}.id = r.id and ${part}.part = '${part}'`,
      )
      .join('\n'),
  )}`;

const one = prepared<{ id: number }, CollectionRow>(
  'api-collection',
  ({ id }) => sql`select ${collectionOf(sql`(select ${id}::int as id) asked`)}`,
);

/** `turn` is which of them a row is, from 1. */
const several = prepared<{ ids: number[] }, CollectionRow & { turn: number }>(
  'api-several-collections',
  ({ ids }) => sql`
    select asked.turn::int,
      ${collectionOf(sql`unnest(${unknownList(ids, 'int')}) with ordinality as asked(id, turn)`)}`,
);

/** The movies that TMDb names, or else those that name the collection. */
const moviesStatement = prepared<
  { id: number; tmdbIds: number[] } & Audience,
  { parts: Unlocalized<MovieListItem>[] }
>(
  'api-collection-movies',
  ({ id, tmdbIds, age, country }) => sql`
    select array_to_json(array(
      select row_to_json(item) from (
        select ${listItemColumns} from movies m
        where (m.tmdb_id = any(${tmdbIds}::int[]) or (cardinality(${tmdbIds}::int[]) = 0 and m.collection_id = ${id}::int))
          and m.state in ('listed', 'detailed') and ${visibleTo('m', { age, country })}
        order by m.release_date nulls last, m.tmdb_id
      ) item
    )) as parts`,
);

interface Asked {
  id: number;
  audience: Audience;
  locale: Locale;
}

interface CollectionDeps {
  pool: Pool;
  localization: Localization;
  select: (id: number) => Promise<CollectionRow>;
}

type ShownCollection = ShownRecord<Collection, Pick<CollectionMeta, 'language'>>;
type ReadCollection = (asked: Asked) => Promise<FoundRecord<Collection, ShownCollection['meta']>>;

/** What is read by key is gathered. */
export function createReadCollection(deps: Pick<CollectionDeps, 'pool' | 'localization'>): ReadCollection {
  const readAll = async (ids: readonly number[]) => {
    const rows = await selectByTurn(deps.pool, ids, {
      one: (id) => one({ id }),
      several: (all) => several({ ids: [...all] }),
    });
    return rows.flat();
  };
  const select = gatherReads({ ...byKey, readAll });
  return (asked) => readCollection({ ...deps, select }, asked);
}

async function readCollection(
  { select, ...deps }: CollectionDeps,
  { id, audience, locale }: Asked,
): ReturnType<ReadCollection> {
  const row = await select(id);
  const { state, name } = row;
  if (name === null || (state !== 'detailed' && state !== 'listed')) return { row, show: undefined };
  return { row, show: () => showCollection(deps, row, { id, name, audience, locale }) };
}

/** A collection from what TMDb sent; else what its movies say. */
async function showCollection(
  { pool, localization }: Omit<CollectionDeps, 'select'>,
  row: CollectionRow,
  { id, name, audience, locale }: Asked & { name: string },
): Promise<ShownCollection> {
  const { language } = locale;
  const imageUrl = createImageUrl(locale.pictures);
  const details = parsed(row, 'details');
  const tmdbIds = listOf(details.parts).flatMap((part) =>
    Number.isInteger(part.id) ? [part.id as number] : [],
  );
  const { parts: movies } = await selectOne(pool, moviesStatement({ id, tmdbIds, ...audience }));
  const texts = textsOf(name, details, parsed(row, 'translations'), language);
  const poster = collectionPoster(details, parsed(row, 'images'), language);
  const shown = {
    id,
    name: texts.title.value ?? name,
    overview: texts.overview.value,
    poster_url: imageUrl('poster', poster),
    backdrop_url: imageUrl('backdrop', textOf(details.backdrop_path)),
    parts: await localization.items(movies, locale),
  };
  return {
    data: jsonText<Collection>(JSON.stringify(shown satisfies Collection)),
    meta: {
      language: { asked: language, name: texts.title.language, overview: texts.overview.language },
    },
  };
}

/** Of the language where there is one. */
export function collectionPoster(details: Json, images: Json, language: string): string | null {
  const best = textOf(details.poster_path);
  return language.startsWith('en-')
    ? best
    : textOf(posterOf(images, { language, original: details.original_language, best }));
}

function parsed(row: CollectionRow, part: (typeof parts)[number]): Json {
  const { [part]: body } = row;
  return body === null || row.state !== 'detailed' ? {} : objectOf(JSON.parse(unpackPart(body)));
}

/** By the rule for texts of movies: a collection's name is its title. */
function textsOf(name: string, details: Json, translations: Json, language: string) {
  const described = {
    title: textOf(details.name) ?? name,
    overview: textOf(details.overview),
    tagline: null,
    homepage: null,
    runtime: null,
    original_title: null,
    original_language: null,
  };
  return chooseTexts(described, translationsOf(translations), language);
}
