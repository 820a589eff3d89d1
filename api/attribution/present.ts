import type { z } from 'zod';
import type { Attribution } from './model.ts';
import { tmdbNotice } from './notice.ts';

export function presentAttribution(): z.infer<typeof Attribution> {
  return {
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
}
