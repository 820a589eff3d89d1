/** What a language says of a movie. */
export interface TranslatedMovie {
  title: string;
  overview: string;
  poster_path: string | null;
}

/**
 * Where a row begins, and its id and what is translated of it, in JSON without spaces. None of it can be found within a
 * text: there each quotation mark has a backslash before it.
 */
const marks = /\{(?="[a-z_])|"(?:id":(\d+)|(title|overview|poster_path)":(?:null|"[^"\\]*(?:\\.[^"\\]*)*"))/g;

interface Row {
  id: number;
  values: { name: keyof TranslatedMovie; from: number; to: number }[];
}

/** Every row of a movie has them. */
const always = ['title', 'overview'] as const;

/**
 * Puts rows of movies in JSON without spaces into a language. Only what is translated is read and written again: a mirror
 * that is no full one has no translations of most films of a person.
 * @param read what a language says of the movies with these ids, as far as it is known
 * @returns `undefined` where a row holds objects of its own, or lacks what is translated
 */
export async function translateJson(
  json: string,
  read: (ids: number[]) => Promise<ReadonlyMap<number, TranslatedMovie>>,
): Promise<string | undefined> {
  if (json.includes(':{"')) return undefined;
  const rows = rowsIn(json);
  const translations = await read(rows.map(({ id }) => id));
  const pieces: string[] = [];
  let end = 0;
  for (const { id, values } of rows) {
    const translated = translations.get(id);
    if (translated === undefined) continue;
    if (!always.every((name) => values.some((value) => value.name === name))) return undefined;
    for (const { name, from, to } of values) {
      pieces.push(json.slice(end, from), `"${name}":${JSON.stringify(translated[name])}`);
      end = to;
    }
  }
  pieces.push(json.slice(end));
  return pieces.join('');
}

function rowsIn(json: string): Row[] {
  const rows: Row[] = [];
  for (const { 0: mark, 1: id, 2: name, index } of json.matchAll(marks)) {
    const row = rows.at(-1);
    if (mark === '{') rows.push({ id: 0, values: [] });
    else if (row !== undefined && id !== undefined) row.id = Number(id);
    else if (row !== undefined)
      row.values.push({ name: name as keyof TranslatedMovie, from: index, to: index + mark.length });
  }
  return rows;
}
