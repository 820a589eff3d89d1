import type { Outline } from './generated-row.ts';
import { genreById } from './genres.ts';
import { commonKeywords, keywordsByGenre } from './keywords.ts';
import { taglineOf } from './overviews.ts';
import { at, createRandom, mix, salts } from './random.ts';
import { seriesTitle } from './titles.ts';
import type { WireCollection, WireMovieBase, WireNamed, WireParts } from './wire.ts';

const FIRST_COLLECTION = 3_000_001;
const FIRST_COMPANY = 500_001;
const FIRST_IMDB = 90_000_000;

/** One movie in eleven has no IMDb id: null, or sometimes the empty text. */
export function imdbIdOf(seed: number, n: number, id: number): string | null {
  const roll = mix(seed, n, salts.base + 100) % 100;
  if (roll < 8) return null;
  return roll === 8 ? '' : `tt${FIRST_IMDB + id}`;
}

export function idFromImdb(imdbId: string): number {
  return Number(imdbId.replace(/^tt/, '')) - FIRST_IMDB;
}

function collectionOf(seed: number, { cluster, part }: Outline): WireCollection | null {
  if (part < 0) return null;
  const id = FIRST_COLLECTION + cluster.number;
  return {
    id,
    name: `${seriesTitle(seed, cluster.number, cluster.theme)} Collection`,
    poster_path: `/sandbox-collection-${id}-poster.jpg`,
    backdrop_path: null,
  };
}

const companyNames =
  'Northlight,Two Bridges,Paper Lantern,Kestrel,Halfmoon,Old Mill,Saltmarsh,Ninth Row'.split(',');

function companiesOf(seed: number, cluster: number) {
  const place = mix(seed, cluster, salts.base + 101) % 200;
  const name = `${at(companyNames, place)} Pictures ${Math.floor(place / companyNames.length) + 1}`;
  return [{ id: FIRST_COMPANY + place, logo_path: null, name, origin_country: 'US' }];
}

const unreleased = ['Rumored', 'Planned', 'In Production', 'Post Production', 'Canceled'];

function runtimeOf(roll: number): number | null {
  if (roll < 0.03) return 0;
  if (roll < 0.04) return null;
  if (roll < 0.042) return 676;
  return 62 + Math.floor(roll * 95);
}

export function baseOf(seed: number, outline: Outline): WireMovieBase {
  const { row, n, cluster, tongue } = outline;
  const random = createRandom(seed, n, salts.base);
  const { genre_ids, softcore, ...shared } = row;
  const budget = random.chance(0.6) ? 0 : 100_000 * (1 + random.int(900));
  return {
    ...shared,
    belongs_to_collection: collectionOf(seed, outline),
    budget,
    genres: genre_ids.map(genreById),
    homepage: random.chance(0.7) ? '' : `https://movie-${row.id}.example/`,
    imdb_id: imdbIdOf(seed, n, row.id),
    origin_country: [tongue.country],
    production_companies: random.chance(0.2) ? [] : companiesOf(seed, cluster.number),
    production_countries: [{ iso_3166_1: tongue.country, name: tongue.countryName }],
    revenue: random.chance(0.0005)
      ? 2_900_000_000 + random.int(1_000)
      : Math.floor(budget * 4 * random.next()),
    runtime: runtimeOf(random.next()),
    spoken_languages: [{ english_name: tongue.english, iso_639_1: tongue.language, name: tongue.native }],
    status: row.release_date === '' ? random.pick(unreleased) : 'Released',
    tagline: taglineOf(seed, n),
  };
}

/** Five keywords of the cluster, of which a movie bears most, and one or two of its own. */
export function keywordsOf(seed: number, { n, cluster }: Outline): WireNamed[] {
  const random = createRandom(seed, n, salts.keywords);
  if (random.chance(0.06)) return [];
  const pool = keywordsByGenre.get(cluster.theme) ?? commonKeywords;
  const first = mix(seed, cluster.number, salts.keywords);
  const chosen = new Set<WireNamed>();
  for (let step = 0; step < 5; step++) if (random.chance(0.8)) chosen.add(at(pool, first + step * 3));
  for (let own = random.int(3); own > 0; own--) chosen.add(random.pick(commonKeywords));
  return [...chosen];
}

const ratings: readonly (readonly [country: string, certifications: readonly string[]])[] = [
  ['US', ['G', 'PG', 'PG-13', 'R', 'R', 'NR', '']],
  ['DE', ['0', '6', '12', '16', '18']],
  ['GB', ['U', 'PG', '12A', '15', '18']],
];

export function releaseDatesOf(seed: number, { n, row }: Outline): WireParts['release_dates'] {
  const random = createRandom(seed, n, salts.releases);
  const results: WireParts['release_dates']['results'] = [];
  for (const [country, certifications] of ratings) {
    const certification = row.adult ? 'NC-17' : random.pick(certifications);
    if (row.release_date === '' || random.chance(0.3)) continue;
    results.push(releasedIn(country, row.release_date ?? '', certification));
  }
  return { results };
}

export function releasedIn(country: string, date: string, certification: string) {
  const release_date = `${date}T00:00:00.000Z`;
  return {
    iso_3166_1: country,
    release_dates: [{ certification, descriptors: [], iso_639_1: '', note: '', release_date, type: 3 }],
  };
}

export function videosOf(seed: number, n: number, id: number, title: string): WireParts['videos'] {
  const random = createRandom(seed, n, salts.videos);
  const count = random.chance(0.4) ? 0 : 1 + random.int(2);
  const results = Array.from({ length: count }, (_, place) => ({
    iso_639_1: 'en',
    iso_3166_1: 'US',
    name: `${title} | Trailer ${place + 1}`,
    key: `sandbox-${id}-${place}`,
    site: 'YouTube',
    size: 1080,
    type: 'Trailer',
    official: true,
    published_at: '2020-01-01T12:00:00.000Z',
    id: `${id.toString(16).padStart(20, '0')}${String(place).padStart(4, '0')}`,
  }));
  return { results };
}
