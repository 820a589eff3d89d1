import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { plainText } from '../http/input/plain-text.ts';
import { queryObject } from '../http/input/query-object.ts';
import { wholeNumber } from '../http/input/whole-number.ts';

/** Somebody in the cast of a mirrored movie. */
export const Actor = z.object({ id: z.int(), name: z.string(), profile_path: z.string().nullable() });
export type Actor = z.infer<typeof Actor>;
describeSchema(Actor, {
  name: 'Actor',
  example: { id: 910002, name: 'Lucía Soler', profile_path: '/soler.jpg' },
});

export const PeopleQuery = queryObject({
  query: plainText.optional().meta({
    description:
      'A name or a part of one. Typos and accents do not matter. Without it, the most popular people are listed.',
  }),
  limit: wholeNumber(1, 100).default(20),
});
export type PeopleQuery = z.infer<typeof PeopleQuery>;
