import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { tmdbNotice } from './notice.ts';

export const Attribution = z.object({
  notice: z.string(),
  links: z.array(z.object({ rel: z.enum(['source', 'logo', 'terms']), title: z.string(), href: z.url() })),
});

export const attribution: z.infer<typeof Attribution> = {
  notice: tmdbNotice,
  links: [
    { rel: 'source', title: 'The Movie Database (TMDB)', href: 'https://www.themoviedb.org' },
    {
      rel: 'logo',
      title: "TMDB's logos and how to use them",
      href: 'https://www.themoviedb.org/about/logos-attribution',
    },
    { rel: 'terms', title: 'TMDB API terms of use', href: 'https://www.themoviedb.org/api-terms-of-use' },
  ],
};
describeSchema(Attribution, { name: 'Attribution', example: attribution });
