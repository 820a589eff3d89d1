import { documentVersion } from './document-fields.ts';
import type { PicturePlace } from './image-urls.ts';
import type { DocumentHead, MovieMembers, TextLanguages } from './present-movie.ts';

/** Raise it when details are shown in another way: then all answers are made again. */
const revision = 1;

/** The version that a stored answer must have to be served. */
export const answerVersion = (Bun.hash.crc32(JSON.stringify([revision, documentVersion])) >>> 1) + 1;

/** For whom answers are stored: everybody else's is made from it, with the few things that differ. */
export const storedFor = { language: 'en-US', region: 'US', datesOf: undefined } as const;

/** Where the pictures of a stored answer are: TMDb's own place, which is that of most installations. */
export const storedPictures: PicturePlace = { url: 'https://image.tmdb.org/t/p' };
/** How a picture begins in JSON, and a text that only looks like one. */
const pictureStart = `"${storedPictures.url}/`;
const falsePicture = new RegExp(`(?<!(?:_url|"[wh]\\d+|"original)":)${RegExp.escape(pictureStart)}`);

/** What other languages choose from, where the answer shows something else. */
export type OwnTexts = Partial<
  Pick<DocumentHead, 'title' | 'overview' | 'tagline' | 'homepage' | 'runtime' | 'poster_path'>
>;

interface Notes {
  languages: TextLanguages;
  own: OwnTexts;
}

const level = 3;
const encoder = new TextEncoder();
const lineEnd = 10;

/**
 * The answer as it is stored, packed with zstd: JSON, and behind it in a line of its own what is not shown.
 * @param members made for `storedFor`, with `storedPictures`
 * @returns `undefined` for one with a text that looks like the URL of a picture
 */
export async function packAnswer(
  { head, people, images, facts, providers, videos }: MovieMembers,
  notes: Notes,
): Promise<Uint8Array | undefined> {
  const members = [head, people, images, facts, providers, videos];
  const data = `{${members.join(',')}}`;
  if (falsePicture.test(data)) return undefined;
  const sizes = members.map((member) => Buffer.byteLength(member));
  return Bun.zstdCompress(encoder.encode(`${data}\n${JSON.stringify({ ...notes, sizes })}`), { level });
}

export interface StoredAnswer {
  languages: TextLanguages;
  /** JSON in UTF-8. */
  data: Uint8Array<ArrayBuffer>;
}

/** An answer as it is shown to those it is stored for. Where its pictures are at TMDb, its bytes are shown as they are. */
export function readAnswer(body: Uint8Array, pictures: PicturePlace): StoredAnswer {
  const { data, languages } = opened(body);
  if (pictures.url === storedPictures.url && pictures.note === undefined) return { languages, data };
  return { languages, data: encoder.encode(placePictures(Buffer.from(data).toString(), pictures)) };
}

export interface AnswerPieces extends MovieMembers, Notes {
  /** The beginning, parsed: in English, with keys that are made again when it is written. */
  parsed: DocumentHead;
}

/** An answer in pieces, for those who are shown something else. */
export function piecesOfAnswer(body: Uint8Array): AnswerPieces {
  const { data, sizes, languages, own } = opened(body);
  let end = 0;
  const [head = '', people = '', images = '', facts = '', providers = '', videos = ''] = sizes.map((size) => {
    const start = end + 1;
    end = start + size;
    return data.toString('utf8', start, end);
  });
  const { poster_url: _, backdrop_url: __, ...parsed } = JSON.parse(`{${head}}`);
  return { head, people, images, facts, providers, videos, parsed, languages, own };
}

function opened(body: Uint8Array) {
  const text = Bun.zstdDecompressSync(body);
  const end = text.lastIndexOf(lineEnd);
  const notes = JSON.parse(text.toString('utf8', end + 1)) as Notes & { sizes: number[] };
  return { ...notes, data: text.subarray(0, end) as Buffer<ArrayBuffer> };
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
