import { chooseTexts, type DescribedMovie, type Translation } from './choose-texts.ts';
import { type DetailParts, detailsFromParts, type ShownProviders } from './detail-parts.ts';
import { type DocumentPieces, withPortraits } from './document-pieces.ts';
import { createImageUrl, type PicturePlace } from './image-urls.ts';
import { movieImages } from './movie-images.ts';

/** What a movie is shown for. */
export interface ShownFor {
  /** `xx-YY` */
  language: string;
  /** `XX` */
  region: string;
  /** `XX`: whose dates of release are shown; `undefined` for TMDb's own. */
  datesOf: string | undefined;
  pictures: PicturePlace;
}

/** The beginning of a document, which is read; the rest is shown as it stands. There are more keys. */
export interface DocumentHead extends DescribedMovie {
  tmdb_id: number;
  release_date: string | null;
  poster_path: string | null;
  backdrop_path: string | null;
  genres: { id: number; name: string }[];
  popularity: number | null;
  vote_average: number | null;
  vote_count: number | null;
  adult: boolean | null;
  certification: string | null;
  collection: { id: number; name: string } | null;
}

/** What is known of a movie in a language: its translations, as `chooseTexts` needs them, and its own poster. */
export interface LocalTexts {
  texts: readonly Translation[];
  poster_path: string | null;
}

/** What is known of a movie in a region. */
export interface LocalRelease {
  local_certification: string | null;
  local_date: string | null;
}

/** What the texts are in. */
export interface TextLanguages {
  title: string | null;
  overview: string | null;
}

export function headInLanguage<Head extends DocumentHead>(
  stored: Head,
  { texts, poster_path }: LocalTexts,
  { language, genres }: { language: string; genres: ReadonlyMap<number, string> },
): { head: Head; languages: TextLanguages } {
  const chosen = chooseTexts(stored, texts, language);
  const head = {
    ...stored,
    title: chosen.title.value ?? stored.title,
    overview: chosen.overview.value,
    tagline: chosen.tagline.value,
    homepage: chosen.homepage.value,
    runtime: chosen.runtime.value ?? stored.runtime,
    poster_path: poster_path ?? stored.poster_path,
    genres: stored.genres.map(({ id, name }) => ({ id, name: genres.get(id) ?? name })),
  };
  return { head, languages: { title: chosen.title.language, overview: chosen.overview.language } };
}

export const headInRegion = <Head extends DocumentHead>(
  stored: Head,
  { local_certification, local_date }: LocalRelease,
  { region, datesOf }: Pick<ShownFor, 'region' | 'datesOf'>,
): Head => ({
  ...stored,
  release_date: (datesOf === undefined ? null : local_date) ?? stored.release_date,
  certification: region === 'US' ? stored.certification : local_certification,
});

/** The details as JSON, in pieces: members without the braces around them. Joined with commas they are all of it. */
export interface MovieMembers {
  /** Up to the directors. */
  head: string;
  /** What is the same in all languages and regions: from the cast to the revenue. */
  people: string;
  images: string;
  /** Again the same for all: from the countries to the release dates. */
  facts: string;
  providers: string;
  videos: string;
}

interface Presented {
  pieces: DocumentPieces;
  parts: DetailParts;
  /** All languages that there are texts in. */
  languages: readonly string[];
  alternative_titles: unknown;
}

/** All of a movie, with the keys in the order of the contract. */
export function membersOf(
  head: DocumentHead,
  { pieces, parts, languages, alternative_titles }: Presented,
  { region, pictures }: Pick<ShownFor, 'region' | 'pictures'>,
): MovieMembers {
  const { cast, crew, named, money } = pieces;
  const { providers, videos, release_dates, ...shown } = detailsFromParts(parts, region);
  for (const { logo_path } of shown.companies) if (logo_path !== null) pictures.note?.(logo_path);
  return {
    head: headMembers(head, pictures),
    people: [withPortraits(cast, pictures), named, withPortraits(crew, pictures), money].join(','),
    images: imageMembers(head, pictures),
    facts: inside({ ...shown, translations: languages, alternative_titles, release_dates }),
    providers: providerMembers(providers, pictures),
    videos: inside({ videos }),
  };
}

export function headMembers(movie: DocumentHead, pictures: PicturePlace): string {
  const imageUrl = createImageUrl(pictures);
  const { tmdb_id, title, original_title, overview, release_date, poster_path, backdrop_path, ...rest } =
    movie;
  const { genres, popularity, vote_average, vote_count, adult, ...details } = rest;
  return inside({
    ...{ tmdb_id, title, original_title, overview, release_date, poster_path, backdrop_path },
    ...{ genres, popularity, vote_average, vote_count, adult },
    poster_url: imageUrl('poster', poster_path),
    backdrop_url: imageUrl('backdrop', backdrop_path),
    ...details,
  });
}

export const imageMembers = (movie: DocumentHead, { url }: PicturePlace): string =>
  inside({ images: movieImages(url, movie) });

export function providerMembers(providers: ShownProviders, pictures: PicturePlace): string {
  if (providers !== null && pictures.note !== undefined) {
    const { flatrate, free, ads, rent, buy } = providers;
    for (const { logo_path } of [flatrate, free, ads, rent, buy].flat())
      if (logo_path !== null) pictures.note(logo_path);
  }
  return inside({ providers });
}

const inside = (object: object): string => JSON.stringify(object).slice(1, -1);
