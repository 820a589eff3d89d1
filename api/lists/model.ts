import { z } from 'zod';
import { isCountryCode } from '#shared/languages/codes.ts';
import { MirrorPageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { pagedQuery } from '../http/input/page-query.ts';

const message = 'must be a country such as DE';

const region = z
  .string(message)
  .transform((text) => text.toUpperCase())
  .pipe(z.string().refine(isCountryCode, message))
  .meta({ description: 'ISO 3166-1. Without it, the `DEFAULT_REGION` of this service.' });

export const ListQuery = pagedQuery({ region: region.optional() });
export type ListQuery = z.infer<typeof ListQuery>;

export const RegionalPageMeta = MirrorPageMeta.extend({
  region: z
    .object({ asked: z.string(), shown: z.string() })
    .meta({ description: 'If the lists of the country asked for are not mirrored, another one is shown.' }),
});
export type RegionalPageMeta = z.infer<typeof RegionalPageMeta>;
describeSchema(RegionalPageMeta, {
  name: 'RegionalPageMeta',
  example: { ...exampleOf(MirrorPageMeta), region: { asked: 'DE', shown: 'US' } },
});
