import { isJsonObject } from '#shared/is-json-object.ts';
import { webAddress } from '#shared/web-address.ts';

type Json = Record<string, unknown>;

/** The parts that the details are made of, parsed; of a movie without parts yet, empty objects. */
export interface DetailParts {
  details: Json;
  release_dates: Json;
  videos: Json;
  providers: Json;
}

/**
 * What the details show of the parts as TMDb sent them. A row without what makes it one is left out, and what TMDb left
 * empty is null.
 */
export function detailsFromParts(parts: DetailParts, region: string) {
  const { details, release_dates, videos, providers } = parts;
  return {
    countries: rowsOf(details.production_countries, ({ iso_3166_1, name }) =>
      isText(iso_3166_1) && isText(name) ? { iso_3166_1, name } : undefined,
    ),
    companies: rowsOf(details.production_companies, ({ id, name, logo_path, origin_country }) =>
      isId(id) && isText(name)
        ? { id, name, logo_path: textOf(logo_path), origin_country: textOf(origin_country) }
        : undefined,
    ),
    spoken_languages: rowsOf(details.spoken_languages, ({ iso_639_1, english_name, name }) =>
      isText(iso_639_1) ? { iso_639_1, english_name: textOf(english_name), name: textOf(name) } : undefined,
    ),
    release_dates: rowsOf(release_dates.results, ({ iso_3166_1, release_dates: dates }) =>
      isText(iso_3166_1) ? { iso_3166_1, release_dates: rowsOf(dates, releaseOf) } : undefined,
    ),
    providers: providersOf(providers.results, region),
    videos: rowsOf(videos.results, videoOf),
  };
}

const releaseOf = ({ type, release_date, certification, iso_639_1, note }: Json) => ({
  type: numberOf(type),
  release_date: dayOf(release_date),
  certification: textOf(certification),
  iso_639_1: textOf(iso_639_1),
  note: textOf(note),
});

/** What a site calls a video becomes the end of a URL. */
const videoKey = /^[\w-]{1,64}$/;

function videoOf(row: Json) {
  const { site, key, name, type, official, size, iso_639_1, iso_3166_1, published_at } = row;
  if (!isText(site) || !isText(key) || !videoKey.test(key)) return undefined;
  return {
    site,
    key,
    name: textOf(name),
    type: textOf(type),
    official: typeof official === 'boolean' ? official : null,
    size: numberOf(size),
    iso_639_1: textOf(iso_639_1),
    iso_3166_1: textOf(iso_3166_1),
    published_at: textOf(published_at),
  };
}

/** Who offers it in a region, of the part `watch/providers`; null where nobody does. */
export function providersOf(results: unknown, region: string) {
  const found = isJsonObject(results) ? results[region] : undefined;
  if (!isJsonObject(found)) return null;
  const { link, flatrate, free, ads, rent, buy } = found;
  return {
    region,
    source: 'JustWatch' as const,
    link: webAddress(textOf(link)),
    flatrate: rowsOf(flatrate, providerOf),
    free: rowsOf(free, providerOf),
    ads: rowsOf(ads, providerOf),
    rent: rowsOf(rent, providerOf),
    buy: rowsOf(buy, providerOf),
  };
}

export type ShownProviders = ReturnType<typeof providersOf>;

const providerOf = ({ provider_id, provider_name, logo_path, display_priority }: Json) =>
  isId(provider_id) && isText(provider_name)
    ? {
        provider_id,
        provider_name,
        logo_path: textOf(logo_path),
        display_priority: numberOf(display_priority),
      }
    : undefined;

function rowsOf<Row>(list: unknown, read: (row: Json) => Row | undefined): Row[] {
  if (!Array.isArray(list)) return [];
  const rows: Row[] = [];
  for (const row of list) {
    const found = isJsonObject(row) ? read(row) : undefined;
    if (found !== undefined) rows.push(found);
  }
  return rows;
}

/** Of a moment, too: TMDb's are all at midnight. */
function dayOf(value: unknown): string | null {
  const day = isText(value) ? value.slice(0, 10) : '';
  const date = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  const exists = date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  return exists ? day : null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const textOf = (value: unknown): string | null => (isText(value) ? value : null);
const numberOf = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);
