import { z } from 'zod';
import { MirrorMeta, PageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { TmdbIdText } from '../http/input/movie-params.ts';
import { pagedQuery } from '../http/input/page-query.ts';
import { wholeNumber } from '../http/input/whole-number.ts';
import { MovieListItem } from '../movies/model.ts';

const text = z.string().nullable();
const url = z.url().nullable();

const credit = { credit_id: z.string(), movie: MovieListItem };

/** A person in full. */
export const Person = z.object({
  id: z.int(),
  name: z.string(),
  also_known_as: z.array(z.string()),
  biography: text,
  birthday: z.iso.date().nullable(),
  deathday: z.iso.date().nullable(),
  place_of_birth: text,
  gender: z.int().nullable().meta({ description: '1 female, 2 male, 3 non-binary.' }),
  known_for_department: text,
  popularity: z.number().nullable(),
  homepage: text,
  profile_path: text,
  profile_url: url,
  portraits: z.array(
    z.object({
      profile_path: z.string(),
      profile_url: z.url(),
      width: z.int().nullable(),
      height: z.int().nullable(),
    }),
  ),
  external_ids: z.object({
    imdb_id: text,
    wikidata_id: text,
    facebook_id: text,
    instagram_id: text,
    tiktok_id: text,
    twitter_id: text,
    youtube_id: text,
  }),
  filmography: z
    .object({
      cast: z.array(z.object({ character: text, ...credit })),
      crew: z.array(z.object({ department: text, job: text, ...credit })),
    })
    .meta({
      description: 'The newest come first, and those without a date last. `page` and `limit` apply to each.',
    }),
});
export type Person = z.infer<typeof Person>;
describeSchema(Person, {
  name: 'Person',
  example: {
    id: 910002,
    name: 'Lucía Soler',
    also_known_as: ['Lucía Soler Ortiz'],
    biography: 'Lucía Soler is known for work in films.',
    birthday: '1971-03-09',
    deathday: null,
    place_of_birth: 'Cádiz, Spain',
    gender: 1,
    known_for_department: 'Acting',
    popularity: 12.4,
    homepage: null,
    profile_path: '/soler.jpg',
    profile_url: 'https://image.tmdb.org/t/p/w185/soler.jpg',
    portraits: [
      {
        profile_path: '/soler.jpg',
        profile_url: 'https://image.tmdb.org/t/p/w185/soler.jpg',
        width: 1000,
        height: 1500,
      },
    ],
    external_ids: {
      imdb_id: 'nm9100020',
      wikidata_id: null,
      facebook_id: null,
      instagram_id: null,
      tiktok_id: null,
      twitter_id: null,
      youtube_id: null,
    },
    filmography: {
      cast: [{ character: 'Ana', credit_id: '5f0c1e', movie: exampleOf(MovieListItem) }],
      crew: [],
    },
  },
});

export const PersonMeta = MirrorMeta.extend(PageMeta.shape).extend({
  language: z.object({
    asked: z.string(),
    biography: text.meta({ description: 'What the biography is in: `xx-YY`.' }),
  }),
});
export type PersonMeta = z.infer<typeof PersonMeta>;
describeSchema(PersonMeta, {
  name: 'PersonMeta',
  example: {
    ...exampleOf(MirrorMeta),
    ...exampleOf(PageMeta),
    language: { asked: 'en-US', biography: 'en-US' },
  },
});

export const PersonParams = z.object({ id: TmdbIdText.meta({ example: 819 }) });

const paged = pagedQuery({ ...localeParameters });
/** So many of each kind, unless fewer are asked for: most people have no more. */
const defaultLimit = 100;
export const PersonQuery = paged.safeExtend({ limit: wholeNumber(1, 100).default(defaultLimit) });
export type PersonQuery = z.infer<typeof PersonQuery>;
