import { maxTmdbId } from '#shared/jobs/catalog.ts';

const digits = /^\d{1,16}$/;

/** A TMDb id from a path, or `undefined` where the text is none. Cheap: the busiest route asks it every time. */
export function tmdbIdOf(text: string): number | undefined {
  if (!digits.test(text)) return undefined;
  const id = Number(text);
  return id >= 1 && id <= maxTmdbId ? id : undefined;
}
