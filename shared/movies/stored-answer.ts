import { LRUCache } from 'lru-cache';
import { documentVersion } from './document-fields.ts';
import type { PicturePlace } from './image-urls.ts';
import type { DocumentHead, MovieMembers, TextLanguages } from './present-movie.ts';

/** Raise it when details are shown in another way: then all answers are made again. */
const revision = 2;

/** The version that a stored answer must have to be served. */
export const answerVersion = (Bun.hash.crc32(JSON.stringify([revision, documentVersion])) >>> 1) + 1;

/** For whom answers are stored: everybody else's is made from it, with the few things that differ. */
export const storedFor = { language: 'en-US', region: 'US', datesOf: undefined } as const;

/** Where the pictures of a stored answer are: TMDb's own place, which is that of most installations. */
export const storedPictures: PicturePlace = { url: 'https://image.tmdb.org/t/p' };
/** How a picture begins in JSON, and a text that only looks like one. */
const pictureStart = `"${storedPictures.url}/`;
// What stands before it is looked at last: an expression that begins with that would try it at each character.
const falsePicture = new RegExp(
  `${RegExp.escape(pictureStart)}(?<!(?:_url|"[wh]\\d+|"original)":${RegExp.escape(pictureStart)})`,
);

/** What other languages choose from, where the answer shows something else. */
export type OwnTexts = Partial<
  Pick<DocumentHead, 'title' | 'overview' | 'tagline' | 'homepage' | 'runtime' | 'poster_path' | 'collection'>
>;

interface Notes {
  languages: TextLanguages;
  own: OwnTexts;
}

/**
 * The answer as it is stored: JSON, and behind it in a line of its own what is not shown. Not packed: PostgreSQL does
 * that, and unpacks a text in half the time that it takes here.
 * @param members made for `storedFor`, with `storedPictures`
 * @returns `undefined` for one with a text that looks like the URL of a picture
 */
export function writeAnswer(
  { head, people, images, facts, providers, videos }: MovieMembers,
  notes: Notes,
): string | undefined {
  const members = [head, people, images, facts, providers, videos];
  const data = `{${members.join(',')}}`;
  if (falsePicture.test(data)) return undefined;
  return `${data}\n${JSON.stringify({ ...notes, sizes: members.map(({ length }) => length) })}`;
}

export interface StoredAnswer {
  languages: TextLanguages;
  /** JSON. */
  data: string | Buffer;
}

const lineBreak = '\n'.charCodeAt(0);
const bracket = '}'.charCodeAt(0);
const languagesStart = '{"languages":{';
/** What answers say of their languages, parsed: nearly all say the same. */
const knownLanguages = new LRUCache<string, TextLanguages>({ max: 1000 });

/** An answer as it is shown to those it is stored for. Where its pictures are at TMDb, its bytes are shown as they are. */
export function readAnswer(answer: Buffer, pictures: PicturePlace): StoredAnswer {
  const end = answer.lastIndexOf(lineBreak);
  const languages = languagesOf(answer, end + 1);
  const isPlaced = pictures.url === storedPictures.url && pictures.note === undefined;
  const data = isPlaced ? answer.subarray(0, end) : placePictures(answer.toString('utf8', 0, end), pictures);
  return { languages, data };
}

function languagesOf(answer: Buffer, at: number): TextLanguages {
  const text = answer.toString('latin1', at, answer.indexOf(bracket, at) + 1);
  const known = knownLanguages.get(text);
  if (known !== undefined) return known;
  const { languages } = JSON.parse(answer.toString('utf8', at)) as Notes;
  if (text.startsWith(languagesStart)) knownLanguages.set(text, languages);
  return languages;
}

export interface AnswerPieces extends MovieMembers, Notes {
  /** The beginning, parsed: in English, with keys that are made again when it is written. */
  parsed: DocumentHead;
}

/** An answer in pieces, for those who are shown something else. */
export function piecesOfAnswer(answer: string): AnswerPieces {
  const { data, sizes, languages, own } = opened(answer);
  let end = 0;
  const [head = '', people = '', images = '', facts = '', providers = '', videos = ''] = sizes.map((size) => {
    const start = end + 1;
    end = start + size;
    return data.slice(start, end);
  });
  const { poster_url: _, backdrop_url: __, ...parsed } = JSON.parse(`{${head}}`);
  return { head, people, images, facts, providers, videos, parsed, languages, own };
}

function opened(answer: string) {
  const end = answer.lastIndexOf('\n');
  const notes = JSON.parse(answer.slice(end + 1)) as Notes & { sizes: number[] };
  return { ...notes, data: answer.slice(0, end) };
}

/** Members of a stored answer with the URLs of its pictures where they are. */
export function placePictures(members: string, { url, note }: PicturePlace): string {
  if (note !== undefined) notePictures(members, note);
  return members.replaceAll(pictureStart, () => `${JSON.stringify(url).slice(0, -1)}/`);
}

const picture = new RegExp(
  `${RegExp.escape(pictureStart)}[^/"]+(/(?:[^"\\\\]|\\\\.)*)"|"logo_path":"((?:[^"\\\\]|\\\\.)*)"`,
  'g',
);

function notePictures(members: string, note: (path: string) => void): void {
  for (const [, path, logo = ''] of members.matchAll(picture)) note(JSON.parse(`"${path ?? logo}"`));
}
