import { bounds } from './bounds.ts';

/** Films are made since then, and are not announced for later. */
const firstYear = '1800';
const lastYear = '2199';

/** A date that exists, or nothing: TMDb also sends `""` and the like of `2024-02-31`. */
export function calendarDate(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  if (text < firstYear || text.slice(0, 4) > lastYear) return null;
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  if (month < 1 || month > 12 || day < 1) return null;
  // Every month has so many, and to make a date of it takes longer than all the rest.
  if (day <= 28) return text;
  const date = new Date(Date.UTC(Number(text.slice(0, 4)), month - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day ? text : null;
}

/** The name of a file, as TMDb has them: it becomes the end of a URL, so it leads nowhere else. */
export function imagePath(path: string | null): string | null {
  return path !== null && path.length <= bounds.imagePath.longest && /^\/[\w-][\w.-]*$/.test(path)
    ? path
    : null;
}

/** The first of them that is an id of IMDb's movies. */
/** What IMDb calls a person. */
export const imdbNameId = (text: string): string | null => (/^nm\d{7,9}$/.test(text) ? text : null);

export function imdbId(...texts: (string | null)[]): string | null {
  return texts.find((text) => text !== null && /^tt\d{7,9}$/.test(text)) ?? null;
}

/** What a site calls a video: the end of a URL, or a part of its query. */
export const isVideoKey = (key: string): boolean => /^[\w-]{1,64}$/.test(key);

/** TMDb says 0 minutes and 0 dollars for "not known". */
export const known = (n: number | null): number | null => n || null;
