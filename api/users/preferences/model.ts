import { z } from 'zod';
import { describeSchema, exampleOf } from '../../http/contract/describe-schema.ts';
import { bodyObject } from '../../http/input/body-object.ts';
import { localeParameters } from '../../http/input/locale-query.ts';
import { queryObject } from '../../http/input/query-object.ts';
import { TmdbIdNumber } from '../../http/input/tmdb-id-number.ts';
import { MovieListItem } from '../../movies/model.ts';

function idList(max: number) {
  const message = `must be a list of at most ${max} ids`;
  return z.array(TmdbIdNumber, message).max(max, message).optional();
}

/** Each list given replaces the saved one; those not given stay. */
export const PreferencesBody = bodyObject({
  genres: idList(50),
  actors: idList(200),
  movies: idList(500),
});
describeSchema(PreferencesBody, {
  example: { genres: [18], actors: [910002], movies: [exampleOf(MovieListItem).tmdb_id] },
});
export type PreferencesBody = z.output<typeof PreferencesBody>;

const Preferred = z.object({
  id: z.int(),
  name: z.string().nullable().meta({ description: 'Null if the mirror no longer has it.' }),
});

const PreferredMovie = z.object({
  ...MovieListItem.shape,
  title: z
    .string()
    .nullable()
    .meta({ description: 'Null while the movie is not mirrored, like all fields but the id.' }),
});
export type PreferredMovie = z.output<typeof PreferredMovie>;

export const Preferences = z.object({
  genres: z.array(Preferred),
  actors: z.array(Preferred),
  movies: z.array(PreferredMovie),
});
describeSchema(Preferences, {
  name: 'Preferences',
  example: {
    genres: [{ id: 18, name: 'Drama' }],
    actors: [{ id: 910002, name: 'Lucía Soler' }],
    movies: [exampleOf(MovieListItem)],
  },
});
export type Preferences = z.output<typeof Preferences>;

export const PreferencesQuery = queryObject(localeParameters);
