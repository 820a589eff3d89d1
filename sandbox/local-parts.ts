import { localOverview } from './local-overviews.ts';
import { alternativeTitlesOf, localTitle } from './local-titles.ts';
import { type About, type Locale, locales } from './locales.ts';
import { createRandom, type Random, salts } from './random.ts';
import { english, type Tongue } from './title-words.ts';
import type {
  WireImage,
  WireImages,
  WireMovieBase,
  WireParts,
  WireProvider,
  WireTranslation,
} from './wire.ts';

/** What the parts of one movie are made of. */
export interface Subject {
  base: WireMovieBase;
  tongue: Tongue;
  /** A well-known film says everything in every language. */
  isFamous: boolean;
  about: Omit<About, 'year'>;
}

type LocalPart = 'images' | 'translations' | 'alternative_titles' | 'reviews' | 'watch/providers';

/** The parts that say something by language or country. Each follows from the movie's id alone. */
export function localPartsOf(seed: number, subject: Subject): { [P in LocalPart]: () => WireParts[P] } {
  const { base, isFamous } = subject;
  const random = () => createRandom(isFamous ? 0 : seed, base.id, salts.locales);
  return {
    images: () => imagesOf(subject, localesOf(subject, random())),
    translations: () => ({ translations: translationsOf(subject, localesOf(subject, random())) }),
    alternative_titles: () => ({ titles: titlesOf(subject) }),
    reviews: () => reviewsOf(subject, random()),
    'watch/providers': () => ({ results: providersOf(subject, random()) }),
  };
}

/** An ordinary movie is translated into one language more than its own, on average. */
function localesOf({ isFamous }: Subject, random: Random): readonly Locale[] {
  return isFamous ? locales : locales.filter(() => random.chance(0.25));
}

function translationsOf({ base, tongue, about }: Subject, chosen: readonly Locale[]): WireTranslation[] {
  const rows = [
    rowOf(english, 'US', {
      title: base.title === base.original_title ? '' : base.title,
      overview: base.overview ?? '',
      tagline: base.tagline ?? '',
    }),
  ];
  const own = chosen.some(({ language }) => language === tongue.language);
  if (tongue !== english && !own) rows.push(rowOf(tongue, tongue.country, { title: base.original_title }));
  for (const locale of chosen) {
    const isOwn = locale.language === base.original_language;
    const title = isOwn ? '' : localTitle(base.id, locale.language);
    const overview =
      localOverview(base.id, locale.language) ??
      locale.overview({ ...about, year: (base.release_date ?? '').slice(0, 4) });
    rows.push(rowOf({ ...locale, native: locale.name }, locale.country, { title, overview }));
    // A country may have a title of its own and nothing else.
    if (locale.language === 'fr' && title !== '')
      rows.push(rowOf(quebec, 'CA', { title: `${title} (Québec)` }));
  }
  return rows;
}

const quebec = { language: 'fr', native: 'Français', english: 'French' };

function rowOf(
  { language, native, english: name }: Pick<Tongue, 'language' | 'native' | 'english'>,
  country: string,
  data: Partial<WireTranslation['data']>,
): WireTranslation {
  return {
    iso_3166_1: country,
    iso_639_1: language,
    name: native,
    english_name: name,
    data: { homepage: '', overview: '', runtime: 0, tagline: '', title: '', ...data },
  };
}

const image = (
  file_path: string,
  language: string | null,
  country: string | null,
  width: number,
): WireImage => ({
  aspect_ratio: width > 1500 ? 1.778 : 0.667,
  height: width > 1500 ? 1080 : 1500,
  iso_3166_1: country,
  iso_639_1: language,
  file_path,
  vote_average: 0,
  vote_count: 0,
  width,
});

/** The first in English is the poster of the details, and the first without a language is their backdrop. */
function imagesOf({ base, isFamous }: Subject, chosen: readonly Locale[]): WireImages {
  const { id, poster_path: poster, backdrop_path: backdrop } = base;
  const posters = poster === null ? [] : [image(poster, 'en', 'US', 1000)];
  for (const { language, country } of poster === null ? [] : chosen)
    posters.push(image(`/sandbox-${id}-poster-${language}.jpg`, language, country, 1000));
  const backdrops = backdrop === null ? [] : [image(backdrop, null, null, 1920)];
  if (isFamous) backdrops.push(image(`/sandbox-${id}-backdrop-2.jpg`, null, null, 1920));
  const logos = isFamous ? [image(`/sandbox-${id}-logo.png`, 'en', 'US', 1000)] : [];
  return { backdrops, logos, posters };
}

function titlesOf({ base, tongue }: Subject): WireParts['alternative_titles']['titles'] {
  const known = alternativeTitlesOf(base.id);
  if (known.length > 0 || base.title === base.original_title) return known;
  return [{ iso_3166_1: tongue.country, title: base.original_title, type: 'original title' }];
}

const critics = ['Ada', 'Bram', 'Chidi', 'Dana', 'Emre'];
const verdicts = [
  'I would see it again tomorrow.',
  'Too long by half an hour, and I do not regret a minute.',
  'The ending alone is worth the ticket.',
];

function reviewsOf({ base, isFamous }: Subject, random: Random): WireParts['reviews'] {
  const count = isFamous ? 2 + random.int(2) : random.chance(0.05) ? 1 : 0;
  const results = Array.from({ length: count }, (_, place) => {
    const author = random.pick(critics);
    const id = `${base.id.toString(16).padStart(20, '0')}${String(place).padStart(4, '0')}`;
    const at = `2021-0${place + 1}-15T12:00:00.000Z`;
    return {
      author,
      author_details: {
        name: author,
        username: author.toLowerCase(),
        avatar_path: null,
        rating: 6 + random.int(5),
      },
      content: `${base.title}: ${random.pick(verdicts)}`,
      created_at: at,
      id,
      updated_at: at,
      url: `https://movie-${base.id}.example/review/${id}`,
    };
  });
  return { page: 1, results, total_pages: count === 0 ? 0 : 1, total_results: count };
}

const provider = (provider_id: number, provider_name: string): WireProvider => ({
  logo_path: `/sandbox-provider-${provider_id}.jpg`,
  provider_id,
  provider_name,
  display_priority: provider_id - 900_000,
});

/** Invented, as everything that a movie can be seen with is. */
const streams = [provider(900_001, 'Lantern'), provider(900_002, 'Ninth Row'), provider(900_003, 'Harbor+')];
const shops = [provider(900_010, 'Kestrel Store'), provider(900_011, 'Old Mill Rental')];

function providersOf({ base, isFamous }: Subject, random: Random): WireParts['watch/providers']['results'] {
  const countries = ['US', 'DE', 'FR', 'ES', 'JP', 'GB'].filter(() => isFamous || random.chance(0.2));
  return Object.fromEntries(
    countries.map((country) => [
      country,
      {
        link: `https://movie-${base.id}.example/watch?locale=${country}`,
        flatrate: [random.pick(streams)],
        ...(isFamous ? { rent: [random.pick(shops)], buy: shops } : {}),
      },
    ]),
  );
}
