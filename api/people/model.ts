import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { languageParameter } from '../http/input/locale-query.ts';
import { plainText } from '../http/input/plain-text.ts';
import { queryObject } from '../http/input/query-object.ts';
import { wholeNumber } from '../http/input/whole-number.ts';

/** Somebody whom a mirrored movie names. */
export const Actor = z.object({
  id: z.int(),
  name: z.string(),
  profile_path: z.string().nullable(),
  profile_url: z.url().nullable(),
  known_for_department: z.string().nullable(),
  known_for: z.array(z.object({ tmdb_id: z.int(), title: z.string() })).meta({
    description: 'The best known movies that are mirrored, at most three.',
  }),
});
export type Actor = z.infer<typeof Actor>;
/** As the database gives them, in TMDb's own words. */
export type StoredActor = Omit<Actor, 'profile_url'>;
describeSchema(Actor, {
  name: 'Actor',
  example: {
    id: 910002,
    name: 'Lucía Soler',
    profile_path: '/soler.jpg',
    profile_url: 'https://image.tmdb.org/t/p/w185/soler.jpg',
    known_for_department: 'Acting',
    known_for: [{ tmdb_id: 900001, title: 'The Lighthouse Keeper’s Daughter' }],
  },
});

export const PeopleQuery = queryObject({
  ...languageParameter,
  query: plainText.optional().meta({
    description:
      'A name or a part of one. Typos and accents do not matter. Without it, the most popular actors are listed.',
  }),
  limit: wholeNumber(1, 100).default(20),
});
export type PeopleQuery = z.infer<typeof PeopleQuery>;
