/** What is longer is no title, and is not looked into. */
export const maxTitleLength = 500;

/** `Dune (2021)`, `The Thing [1982]`, `The Visit (I) (2015)`, `Dune (film, 2021)`, `Duel (1971) (TV)`, `Heat (1995/I)`. */
const yearAtEnd =
  /(?<!^)(?:\([IVX]+\)\s*)?[([（［](?:(?:film|movie),?\s+)?((?:1[89]|20)\d\d)(?:[-–]\d*)?(?:\/[IVX]+)?(?:\s+(?:film|movie))?[)\]）］](?:\s*\((?:TV|V)\))?$/i;

/** A title that ends with its year, apart. A year that contradicts the row's own belongs to the title. */
export function splitYear(title: string, year: number | null): { title: string; year: number | null } {
  if (title.length > maxTitleLength) return { title, year };
  const found = yearAtEnd.exec(title);
  const inTitle = Number(found?.[1]);
  if (found === null || (year !== null && Math.abs(year - inTitle) > 1)) return { title, year };
  return { title: title.slice(0, found.index).trimEnd(), year: year ?? inTitle };
}

/** Articles that lists sort titles without. Not the Italian “I”: “Hello, I” may end so. */
const articleAtEnd =
  /^(.+), (The|A|An|Der|Die|Das|Ein|Eine|Le|La|Les|L['’]|Un|Une|El|Los|Las|Una|Il|Lo|Gli|Uno|O|Os|As|Um|Uma|De|Het|Een|Den|Det|En|Et)$/;

/** `Matrix, The` as it is called, and not as it is sorted. */
function withArticleFirst(title: string): string {
  const [, name, article = ''] = articleAtEnd.exec(title) ?? [];
  if (name === undefined) return title;
  return /['’]$/.test(article) ? `${article}${name}` : `${article} ${name}`;
}

/** `City of Lost Children, The (Cité des enfants perdus, La)`, `Seven (a.k.a. Se7en)`: another title in brackets. */
const otherAtEnd = /(?<!^)\((a\.?k\.?a\.?:?\s+)?([^()]+)\)$/i;
const sorted = /., (?:The|An?)$/;

/** Both titles of a row, each as the movie is called. */
export function splitTitles(title: string, original: string): { title: string; original: string } {
  if (title.length > maxTitleLength) return { title, original };
  const found = otherAtEnd.exec(title);
  const before = title.slice(0, found?.index).trimEnd();
  const isOther = found !== null && (found[1] !== undefined || sorted.test(before));
  const other = isOther ? (found[2] ?? '') : '';
  return {
    title: withArticleFirst(isOther ? before : title),
    original: withArticleFirst(original || other),
  };
}

/** A cell that holds a link of a spreadsheet, as its reader saw it: `=HYPERLINK("https://…";"Heat")`. */
export const shownText = (cell: string): string =>
  /^=\s*HYPERLINK\(\s*"[^"]*"\s*[,;]\s*"([^"]*)"\s*\)$/i.exec(cell)?.[1] ?? cell;
