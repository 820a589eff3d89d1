import { z } from 'zod';
import { Name } from '#shared/credentials.ts';
import { describeSchema } from '../../http/contract/describe-schema.ts';
import { exampleTime } from '../../http/contract/example-values.ts';
import { bodyObject } from '../../http/input/body-object.ts';

const longestName = 100;
const exampleId = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';

export const KeyParams = z.object({ id: z.guid('must be a UUID') });

export const NewKey = bodyObject({
  name: Name.pipe(z.string().max(longestName, `must have at most ${longestName} characters`)),
});
export type NewKey = z.output<typeof NewKey>;
describeSchema(NewKey, { example: { name: 'living room' } });

/** A key of `/3`, as it is listed. */
export const Key = z.object({
  id: z.uuid(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().meta({ description: 'To the hour.' }),
});
export type Key = z.infer<typeof Key>;
describeSchema(Key, {
  name: 'Key',
  example: { id: exampleId, name: 'living room', created_at: exampleTime, last_used_at: null },
});

/** A key that was just made. */
export const IssuedKey = z.object({
  id: z.uuid(),
  name: z.string(),
  api_key: z.string().meta({ description: '32 hex characters, for `?api_key=`.' }),
  token: z.string().meta({ description: 'The same key for clients that send `Authorization: Bearer`.' }),
});
export type IssuedKey = z.infer<typeof IssuedKey>;
describeSchema(IssuedKey, {
  name: 'IssuedKey',
  example: {
    id: exampleId,
    name: 'living room',
    api_key: '00112233445566778899aabbccddeeff',
    token: 'eyJhbGciOiJIUzI1NiJ9.eyJzY29wZXMiOlsiYXBpX3JlYWQiXX0.c2hvd24tb25jZQ',
  },
});
