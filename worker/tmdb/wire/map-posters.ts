import { isLanguageCode } from '#shared/languages/codes.ts';
import { imagePath } from './map-values.ts';
import type { MirroredMovie } from './mirrored-movie.ts';

/**
 * The first poster in each language, from the part `images` as TMDb sent it: rows of hundreds of pictures are not
 * parsed for the two values that are taken.
 */
export function mapPosters(images: unknown): MirroredMovie['posters'] {
  const posters = new Map<string, string>();
  for (const { iso_639_1: language, file_path: path } of rowsOf(images)) {
    if (typeof language !== 'string' || typeof path !== 'string') continue;
    const file = isLanguageCode(language) && !posters.has(language) ? imagePath(path) : null;
    if (file !== null) posters.set(language, file);
  }
  return [...posters].map(([language, path]) => ({ language, path }));
}

function rowsOf(images: unknown): Record<string, unknown>[] {
  if (!isObject(images) || !Array.isArray(images.posters)) return [];
  return images.posters.filter(isObject);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
