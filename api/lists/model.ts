import { z } from 'zod';
import { MirrorPageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { pagedQuery } from '../http/input/page-query.ts';

export const ListQuery = pagedQuery(localeParameters);
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
