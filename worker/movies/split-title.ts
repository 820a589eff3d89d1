const maxTitleLength = 255;

/** A title as the `title` column can hold it, and, where that cuts it, the whole one beside it. */
export function splitTitle(whole: string): { title: string; long_title: string | null } {
  // varchar counts characters, JavaScript counts UTF-16 units: a title of 255 emoji is not too long.
  if (whole.length <= maxTitleLength) return { title: whole, long_title: null };
  const characters = Array.from(whole);
  if (characters.length <= maxTitleLength) return { title: whole, long_title: null };
  return { title: characters.slice(0, maxTitleLength).join(''), long_title: whole };
}
