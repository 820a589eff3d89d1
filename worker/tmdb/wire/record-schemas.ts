import { z } from 'zod';
import { TmdbId } from '#shared/jobs/catalog.ts';
import { imdbNameId } from './map-values.ts';
import { hasTitle, listedFields, noTitle, personFields } from './schemas.ts';
import { name, type Placed, part, rows, text } from './wire-fields.ts';

const movieFields = { ...listedFields, genre_ids: part(rows('genres', TmdbId), []) };

const WirePersonCredit = z
  .object({
    ...movieFields,
    credit_id: name('creditId'),
    character: text('character'),
    department: text('job'),
    job: text('job'),
  })
  .refine(hasTitle, noTitle);
export type WirePersonCredit = z.output<typeof WirePersonCredit>;

const list = z.array(z.unknown()).nullish();
const noCredits: { cast: Placed<WirePersonCredit>[]; crew: Placed<WirePersonCredit>[] } = {
  cast: [],
  crew: [],
};

/** What is taken of a person; the rest is kept as it is. */
export const WirePerson = z.object({
  ...personFields,
  imdb_id: text('imdbId', imdbNameId),
  movie_credits: part(
    z.object({
      cast: part(rows('cast', WirePersonCredit), []),
      crew: part(rows('crew', WirePersonCredit), []),
    }),
    noCredits,
  ),
  combined_credits: z.object({ cast: list, crew: list }).nullish(),
  images: z.object({ profiles: list }).nullish(),
  external_ids: z.record(z.string(), z.unknown()).nullish(),
  translations: z.object({ translations: list }).nullish(),
});

const WireCollectionMovie = z.object(movieFields).refine(hasTitle, noTitle);

export const WireCollection = z.object({
  id: TmdbId,
  name: name('collectionName'),
  parts: rows('results', WireCollectionMovie),
  images: z.object({ posters: list, backdrops: list }).nullish(),
  translations: z.object({ translations: list }).nullish(),
});

export const WireCompany = z.object({
  id: TmdbId,
  name: name('personName'),
  images: z.object({ logos: list }).nullish(),
  alternative_names: z.object({ results: list }).nullish(),
});
