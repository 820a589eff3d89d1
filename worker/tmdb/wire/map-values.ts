const maxInteger = 2_147_483_647;
const maxPathLength = 255;

/** A date that exists, or nothing: TMDb also sends `""` and the like of `2024-02-31`. */
export function calendarDate(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return null;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

/** A path too long for our column is no image of TMDb's. */
export function imagePath(path: string | null): string | null {
  return path !== null && path.length <= maxPathLength ? path : null;
}

/** What our integer columns can hold. */
export function smallInteger(n: number | null): number | null {
  return n !== null && Number.isInteger(n) && Math.abs(n) <= maxInteger ? n : null;
}

/** Minutes, where TMDb says 0 for "not known". */
export function knownMinutes(n: number | null): number | null {
  const minutes = smallInteger(n);
  return minutes !== null && minutes > 0 ? minutes : null;
}

/** Dollars, where TMDb says 0 for "not known"; revenues pass 2³¹. */
export function knownAmount(n: number | null): number | null {
  return n !== null && Number.isSafeInteger(n) && n > 0 ? n : null;
}
