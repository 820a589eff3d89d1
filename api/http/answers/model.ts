import { z } from 'zod';
import { describeSchema, exampleOf } from '../contract/describe-schema.ts';
import { exampleTime } from '../contract/example-values.ts';

export const MirrorMeta = z.object({
  source: z.literal('mirror'),
  fetched_at: z.iso.datetime(),
  age_seconds: z.int().min(0).meta({ description: 'May lag by a minute.' }),
  stale: z.boolean(),
  refresh: z.enum(['none', 'queued']),
});
export type MirrorMeta = z.infer<typeof MirrorMeta>;
describeSchema(MirrorMeta, {
  name: 'MirrorMeta',
  example: { source: 'mirror', fetched_at: exampleTime, age_seconds: 3600, stale: false, refresh: 'none' },
});

const asked = z.string().meta({ description: 'The language that was asked for, as `xx-YY`.' });
const chosen = z
  .string()
  .nullable()
  .meta({ description: 'What it is in: `xx-YY`, or `xx` for an original of whatever country.' });

/** Of lists. */
export const InLanguage = z.object({ language: z.object({ asked }) });
export type InLanguage = z.infer<typeof InLanguage>;
const inLanguage = { language: { asked: 'en-US' } };

describeSchema(InLanguage, { name: 'LanguageMeta', example: inLanguage });

/** Of one movie. */
export const InLanguages = z.object({ language: z.object({ asked, title: chosen, overview: chosen }) });
export type InLanguages = z.infer<typeof InLanguages>;

export const MirrorLanguageMeta = MirrorMeta.extend(InLanguage.shape);
export type MirrorLanguageMeta = z.infer<typeof MirrorLanguageMeta>;
describeSchema(MirrorLanguageMeta, {
  name: 'MirrorLanguageMeta',
  example: { ...exampleOf(MirrorMeta), ...inLanguage },
});

export const MovieMeta = MirrorMeta.extend(InLanguages.shape);
export type MovieMeta = z.infer<typeof MovieMeta>;
describeSchema(MovieMeta, {
  name: 'MovieMeta',
  example: {
    ...exampleOf(MirrorMeta),
    language: { asked: 'en-US', title: 'en-US', overview: 'en-US' },
  },
});

export const PageMeta = z.object({
  page: z.int().min(1),
  limit: z.int().min(1).max(100),
  total_results: z.int().min(0),
  total_pages: z.int().min(0),
});
export type PageMeta = z.infer<typeof PageMeta>;
describeSchema(PageMeta, {
  name: 'PageMeta',
  example: { page: 1, limit: 20, total_results: 1, total_pages: 1 },
});

/** Of a list that goes on without end. */
export const CursorPageMeta = PageMeta.extend({
  next: z.string().optional().meta({ description: 'What to send as `after` to go on. Left out at the end.' }),
});
export type CursorPageMeta = z.infer<typeof CursorPageMeta>;
describeSchema(CursorPageMeta, {
  name: 'CursorPageMeta',
  example: { page: 1, limit: 20, total_results: 1, total_pages: 1 },
});

export const MirrorPageMeta = MirrorMeta.extend(PageMeta.shape).extend(InLanguage.shape);
export type MirrorPageMeta = z.infer<typeof MirrorPageMeta>;
describeSchema(MirrorPageMeta, {
  name: 'MirrorPageMeta',
  example: { ...exampleOf(MirrorMeta), ...exampleOf(PageMeta), ...inLanguage },
});

export const MirrorCursorPageMeta = MirrorPageMeta.extend(CursorPageMeta.shape);
export type MirrorCursorPageMeta = z.infer<typeof MirrorCursorPageMeta>;
describeSchema(MirrorCursorPageMeta, {
  name: 'MirrorCursorPageMeta',
  example: exampleOf(MirrorPageMeta),
});
