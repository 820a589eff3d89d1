import type { Catalogue } from './catalogue.ts';
import { locales } from './locales.ts';
import type { WireCollection, WireRow } from './wire.ts';

/** Nothing of a collection is looked for beyond so many movies of a catalogue. */
const searched = 3000;

interface Found {
  collection: WireCollection;
  parts: WireRow[];
}

const indexes = new WeakMap<Catalogue, { size: number; byId: ReadonlyMap<number, Found> }>();

function collectionsOf(catalogue: Catalogue): ReadonlyMap<number, Found> {
  const known = indexes.get(catalogue);
  if (known?.size === catalogue.size) return known.byId;
  const byId = new Map<number, Found>();
  for (let position = 0; position < Math.min(searched, catalogue.size); position++) {
    const id = catalogue.idAt(position);
    const collection = catalogue.details(id, [])?.belongs_to_collection;
    const row = catalogue.row(id);
    if (collection == null || row === undefined) continue;
    const found = byId.get(collection.id) ?? { collection, parts: [] };
    found.parts.push(row);
    byId.set(collection.id, found);
  }
  indexes.set(catalogue, { size: catalogue.size, byId });
  return byId;
}

/** A collection as TMDb gives it, with what was asked for along with it. */
export function collectionJson(
  catalogue: Catalogue,
  id: number,
  appended: readonly string[],
): Record<string, unknown> | undefined {
  const found = collectionsOf(catalogue).get(id);
  if (found === undefined) return undefined;
  const { collection, parts } = found;
  const image = (file_path: string | null, iso_639_1: string | null) =>
    file_path === null
      ? []
      : [
          {
            aspect_ratio: 1,
            height: 1500,
            iso_639_1,
            file_path,
            vote_average: 0,
            vote_count: 0,
            width: 1000,
          },
        ];
  const posters = [
    ...image(collection.poster_path, 'en'),
    ...image(`/sandbox-collection-${id}-poster-de.jpg`, 'de'),
  ];
  return {
    adult: false,
    ...collection,
    overview: `All that happens in ${parts.length} films.`,
    original_language: 'en',
    original_name: collection.name,
    parts: parts.map((row) => ({ ...row, media_type: 'movie' })),
    ...(appended.includes('images') && {
      images: { backdrops: image(collection.backdrop_path, null), posters },
    }),
    ...(appended.includes('translations') && {
      translations: {
        translations: locales.map(({ language, country, name, english }) => ({
          iso_3166_1: country,
          iso_639_1: language,
          name,
          english_name: english,
          data: {
            title: language === 'de' ? collection.name.replace('Collection', 'Filmreihe') : '',
            overview: '',
            homepage: '',
          },
        })),
      },
    }),
  };
}

/** A company as TMDb gives it. */
export function companyJson(catalogue: Catalogue, id: number): Record<string, unknown> | undefined {
  for (let position = 0; position < Math.min(searched, catalogue.size); position++) {
    const company = catalogue
      .details(catalogue.idAt(position), [])
      ?.production_companies.find((one) => one.id === id);
    if (company !== undefined)
      return {
        description: '',
        headquarters: '',
        homepage: '',
        id,
        logo_path: company.logo_path ?? null,
        name: company.name,
        origin_country: company.origin_country ?? '',
        parent_company: null,
      };
  }
  return undefined;
}
