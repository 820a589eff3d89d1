import { z } from 'zod';
import { imageSizes, middlingSizes } from '#shared/movies/image-urls.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';

const sizes = z.array(z.string());

export const Configuration = z.object({
  images: z.object({
    base_url: z.string().meta({ description: 'A whole URL is this, `/`, a size, and a path.' }),
    poster_sizes: sizes,
    backdrop_sizes: sizes,
    profile_sizes: sizes,
    poster_url_size: z.string().meta({ description: 'The size of `poster_url`.' }),
    backdrop_url_size: z.string(),
    profile_url_size: z.string(),
  }),
  languages: z.union([z.literal('all'), z.array(z.string())]).meta({
    description:
      'In which languages texts are kept: `all`, or codes such as `de-DE`, or `de` for all its countries.',
  }),
  default_language: z.string(),
  regions: z.array(z.string()).meta({ description: 'Whose lists are kept.' }),
  default_region: z.string(),
  attribution: z.array(
    z.object({
      source: z.string(),
      notice: z.string(),
      href: z.url(),
    }),
  ),
});
export type Configuration = z.infer<typeof Configuration>;

export const imageSettings = {
  poster_sizes: [...imageSizes.poster],
  backdrop_sizes: [...imageSizes.backdrop],
  profile_sizes: [...imageSizes.profile],
  poster_url_size: middlingSizes.poster,
  backdrop_url_size: middlingSizes.backdrop,
  profile_url_size: middlingSizes.profile,
};

export const attributions = (tmdbNotice: string) => [
  { source: 'TMDB', notice: tmdbNotice, href: 'https://www.themoviedb.org' },
  {
    source: 'JustWatch',
    notice: 'Where movies can be watched is data of JustWatch. Name JustWatch wherever you show it.',
    href: 'https://www.justwatch.com',
  },
];

describeSchema(Configuration, {
  name: 'Configuration',
  example: {
    images: { base_url: 'https://image.tmdb.org/t/p', ...imageSettings },
    languages: 'all',
    default_language: 'en-US',
    regions: ['US'],
    default_region: 'US',
    attribution: attributions('This product uses the TMDB API.'),
  },
});
