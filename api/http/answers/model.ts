import { z } from 'zod';

export const MirrorMeta = z.object({
  source: z.literal('mirror'),
  fetched_at: z.iso.datetime(),
  age_seconds: z.int().min(0).meta({ description: 'May lag by a minute.' }),
  stale: z.boolean(),
  refresh: z.enum(['none', 'queued']),
});

export const PageMeta = z.object({
  page: z.int().min(1),
  limit: z.int().min(1).max(100),
  total_results: z.int().min(0),
  total_pages: z.int().min(0),
});

export const MirrorPageMeta = MirrorMeta.extend(PageMeta.shape);
