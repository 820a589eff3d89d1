import { z } from 'zod';

export const serviceNoticeCodes = [
  'tmdb_key_rejected',
  'tmdb_unreachable',
  'no_worker',
  'mirror_ages',
  'changes_missed',
  'disk_fills',
  'clock_differs',
] as const;
export type ServiceNoticeCode = (typeof serviceNoticeCodes)[number];

/** What an operator should know and act on. */
export const ServiceNotice = z.object({
  code: z.enum(serviceNoticeCodes),
  sentence: z.string().meta({ description: 'What is wrong, for people.' }),
  since: z.iso
    .datetime()
    .meta({ description: 'Since when it is so, or when this process first noticed it.' }),
  what_to_do: z.string(),
});
export type ServiceNotice = z.infer<typeof ServiceNotice>;
