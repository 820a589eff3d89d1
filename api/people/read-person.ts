import type { Pool } from 'pg';
import { textOf } from '#shared/is-blank.ts';
import { chooseTexts, type Translation } from '#shared/movies/choose-texts.ts';
import { createImageUrl } from '#shared/movies/image-urls.ts';
import { unpackPart } from '#shared/movies/stored-parts.ts';
import { webAddress } from '#shared/web-address.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { Audience } from '../movies/audience.ts';
import type { FoundRecord, ShownRecord } from '../records/answer-record.ts';
import { type Json, listOf, numberOf, objectOf } from '../records/json-values.ts';
import { byKey, gatherReads } from '../store/gather-reads.ts';
import { selectOne } from '../store/select-one.ts';
import type { Person, PersonMeta } from './person-model.ts';
import {
  type FoundCredit,
  filmsStatement,
  namedFilmsStatement,
  type PersonRow,
  selectPeople,
} from './person-statements.ts';

export interface AskedPerson {
  id: number;
  audience: Audience;
  locale: Locale;
  page: number;
  limit: number;
}

export type ShownMeta = Omit<PersonMeta, 'source' | 'fetched_at' | 'age_seconds' | 'stale' | 'refresh'>;

interface PersonDeps {
  pool: Pool;
  localization: Localization;
  select: (id: number) => Promise<PersonRow>;
}

type ReadPerson = (asked: AskedPerson) => Promise<FoundRecord<Person, ShownMeta>>;

/** A filmography may take long: nobody shall wait for that of another. What is read by key is gathered. */
export function createReadPerson(deps: Pick<PersonDeps, 'pool' | 'localization'>): ReadPerson {
  const { pool } = deps;
  const select = gatherReads({ ...byKey, readAll: (ids: readonly number[]) => selectPeople(pool, ids) });
  return (asked) => readPerson({ ...deps, select }, asked);
}

async function readPerson(
  { pool, localization, select }: PersonDeps,
  { id, audience, locale, page, limit }: AskedPerson,
): Promise<FoundRecord<Person, ShownMeta>> {
  const row = await select(id);
  const { state, name } = row;
  if (name === null || (state !== 'detailed' && state !== 'listed')) return { row, show: undefined };
  return {
    row,
    show: () => showPerson({ pool, localization }, row, { id, name, audience, locale, page, limit }),
  };
}

/** A person from what TMDb sent, with a page of the filmography; else what movies say. */
async function showPerson(
  { pool, localization }: Omit<PersonDeps, 'select'>,
  row: PersonRow,
  { id, name, audience, locale, page, limit }: AskedPerson & { name: string },
): Promise<ShownRecord<Person, ShownMeta>> {
  const ofFilms = row.state === 'detailed' ? filmsStatement : namedFilmsStatement;
  const films = await selectOne(pool, ofFilms({ id, ...audience, limit, offset: (page - 1) * limit }));
  const { language } = locale;
  const urlOf = createImageUrl(locale.pictures);
  const imageUrl = (path: string) => urlOf('profile', path) ?? '';
  const details = parsed(row, 'details');
  const biography = biographyOf(textOf(details.biography), parsed(row, 'translations'), language);
  const person = personOf(row, { id, name, biography: biography.value }, imageUrl);
  const movies = [...films.cast, ...films.crew].map(({ movie }) => movie.tmdb_id);
  const names = await localization.names(locale, movies);
  const local = <Kind extends 'cast' | 'crew'>(credit: FoundCredit<Kind>) => ({
    ...credit,
    movie: localization.item(credit.movie, names),
  });
  const filmography = { cast: films.cast.map(local<'cast'>), crew: films.crew.map(local<'crew'>) };
  return {
    data: jsonText<Person>(JSON.stringify({ ...person, filmography } satisfies Person)),
    meta: {
      ...pageMeta({ page, limit }, films.cast_total + films.crew_total),
      total_pages: Math.ceil(Math.max(films.cast_total, films.crew_total) / limit),
      language: { asked: language, biography: biography.language },
    },
  };
}

function parsed(row: PersonRow, part: 'details' | 'images' | 'external_ids' | 'translations'): Json {
  const { [part]: body } = row;
  return body === null || row.state !== 'detailed' ? {} : objectOf(JSON.parse(unpackPart(body)));
}

/** By the rule for texts of movies. What TMDb says without a language is English. */
function biographyOf(english: string | null, translations: Json, language: string) {
  const empty = { title: null, tagline: null, homepage: null, runtime: null };
  const rows = listOf(translations.translations).map(
    (row): Translation => ({
      ...empty,
      language: `${row.iso_639_1}-${row.iso_3166_1}`,
      overview: textOf(objectOf(row.data).biography),
    }),
  );
  const described = { ...empty, overview: english, original_title: null, original_language: null };
  return chooseTexts(described, rows, language).overview;
}

interface Known {
  id: number;
  name: string;
  biography: string | null;
}

const namedIds = [
  'imdb_id',
  'wikidata_id',
  'facebook_id',
  'instagram_id',
  'tiktok_id',
  'twitter_id',
  'youtube_id',
] as const;

/** No more than a page can show. */
const mostPortraits = 200;

function personOf(
  row: PersonRow,
  { id, name, biography }: Known,
  imageUrl: (path: string) => string,
): Omit<Person, 'filmography'> {
  const details = parsed(row, 'details');
  const ids = { imdb_id: details.imdb_id, ...parsed(row, 'external_ids') } as Json;
  const names = Array.isArray(details.also_known_as) ? details.also_known_as : [];
  const gender = numberOf(details.gender);
  return {
    id,
    name,
    also_known_as: names.filter((other): other is string => textOf(other) !== null),
    biography,
    birthday: dayOf(details.birthday),
    deathday: dayOf(details.deathday),
    place_of_birth: textOf(details.place_of_birth),
    gender: gender === 0 ? null : gender,
    known_for_department: row.known_for_department,
    popularity: row.popularity,
    homepage: webAddress(textOf(details.homepage)),
    profile_path: row.profile_path,
    profile_url: row.profile_path && imageUrl(row.profile_path),
    portraits: listOf(parsed(row, 'images').profiles)
      .slice(0, mostPortraits)
      .flatMap(({ file_path, width, height }) => {
        const path = textOf(file_path);
        if (path === null || !path.startsWith('/')) return [];
        return [
          {
            profile_path: path,
            profile_url: imageUrl(path),
            width: numberOf(width),
            height: numberOf(height),
          },
        ];
      }),
    external_ids: Object.fromEntries(
      namedIds.map((key) => [key, textOf(ids[key])]),
    ) as Person['external_ids'],
  };
}

const dayOf = (value: unknown): string | null => {
  const day = textOf(value);
  return day !== null && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null;
};
