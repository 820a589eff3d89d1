import { imageUrlStart, type PicturePlace } from './image-urls.ts';

/** A document as the worker wrote it, in pieces: what is shown as it stands is neither parsed nor written again. */
export interface DocumentPieces {
  /** JSON of all fields up to the cast. */
  head: string;
  /** Members, as they stand in JSON. */
  cast: string;
  crew: string;
  /** Keywords and trailers. */
  named: string;
  /** Budget and revenue. */
  money: string;
}

/**
 * @param document JSON text with the keys of `document-fields.ts` in their order, without white space
 * @throws where it is anything else
 */
export function piecesOf(document: string): DocumentPieces {
  // Inside of a text each of these quotation marks would have a backslash before it.
  const places = [',"cast":', ',"crew":', ',"keywords":', ',"budget":'].map((key) => document.indexOf(key));
  const [cast = -1, crew = -1, keywords = -1, budget = -1] = places;
  if (cast < 0 || crew < cast || keywords < crew || budget < keywords)
    throw new Error('a document has other fields than its version says');
  return {
    head: `${document.slice(0, cast)}}`,
    cast: document.slice(cast + 1, crew),
    crew: document.slice(crew + 1, keywords),
    named: document.slice(keywords + 1, budget),
    money: document.slice(budget + 1, -1),
  };
}

const path = /"profile_path":"((?:[^"\\]|\\.)*)"/g;

/** People of a document, each with the whole URL of their portrait. */
export function withPortraits(people: string, pictures: PicturePlace): string {
  const { note } = pictures;
  if (note !== undefined)
    for (const [, found = ''] of people.matchAll(path)) note(JSON.parse(`"${found}"`) as string);
  const start = JSON.stringify(imageUrlStart(pictures, 'profile')).slice(1, -1).replaceAll('$', '$$$$');
  return people
    .replaceAll('"profile_path":null', '"profile_path":null,"profile_url":null')
    .replace(path, `"profile_path":"$1","profile_url":"${start}$1"`);
}
