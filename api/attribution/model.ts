import { z } from 'zod';

export const Attribution = z.object({
  notice: z.string(),
  links: z.array(z.object({ rel: z.enum(['source', 'logo', 'terms']), title: z.string(), href: z.url() })),
});
