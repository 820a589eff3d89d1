import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { languageParameter } from '../http/input/locale-query.ts';
import { queryObject } from '../http/input/query-object.ts';

export const Genre = z.object({ id: z.int(), name: z.string() });
export type Genre = z.infer<typeof Genre>;
describeSchema(Genre, {
  name: 'Genre',
  example: { id: 18, name: 'Drama' },
});

export const GenresQuery = queryObject(languageParameter);
