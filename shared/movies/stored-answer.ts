import { documentVersion } from './document-fields.ts';
import type { PicturePlace } from './image-urls.ts';
import type { DocumentHead, MovieMembers, TextLanguages } from './present-movie.ts';

/** Raise it when details are shown in another way: then all answers are made again. */
const revision = 1;

/** The version that a stored answer must have to be served. */
export const answerVersion = (Bun.hash.crc32(JSON.stringify([revision, documentVersion])) >>> 1) + 1;

/** For whom answers are stored: everybody else's is made from it, with the few things that differ. */
export const storedFor = { language: 'en-US', region: 'US', datesOf: undefined } as const;

/** Where the pictures of a stored answer are: where they really are is a setting of the api. */
export const storedPictures: PicturePlace = { url: '\u0001' };
/** How a picture begins in JSON, and a text that only looks like one. */
const pictureStart = '"\\u0001/';
const falsePicture = /(?<!(?:_url|"w\d+|"original)":)"\\u0001\//;

/** What other languages choose from, where the answer shows something else. */
export type OwnTexts = Partial<
  Pick<DocumentHead, 'title' | 'overview' | 'tagline' | 'homepage' | 'runtime' | 'poster_path'>
>;

interface Notes {
  languages: TextLanguages;
  own: OwnTexts;
}

const level = 3;

/**
 * The answer as it is stored: its members a line each, then what is not shown, packed with zstd.
 * @param members made for `storedFor`, with `storedPictures`
 * @returns `undefined` for one whose own texts look like our pictures' place
 */
export async function packAnswer(
  { head, people, images, facts, providers, videos }: MovieMembers,
  notes: Notes,
): Promise<Uint8Array | undefined> {
  const text = [head, people, images, facts, providers, videos, JSON.stringify(notes)].join('\n');
  return falsePicture.test(text) ? undefined : Bun.zstdCompress(Buffer.from(text), { level });
}

export interface StoredAnswer {
  languages: TextLanguages;
  /** JSON in UTF-8. */
  data: Uint8Array<ArrayBuffer>;
}

/** An answer as it is shown to those it is stored for. It is never parsed: its bytes are those of its text. */
export function readAnswer(body: Uint8Array, { url, note }: PicturePlace): StoredAnswer {
  // As Latin-1 each byte is one character, whatever it means.
  const text = unpacked(body).toString('latin1');
  const end = text.lastIndexOf('\n');
  const { languages } = JSON.parse(text.slice(end + 1)) as Notes;
  const members = text.slice(0, end).replaceAll('\n', ',');
  if (note !== undefined) notePictures(Buffer.from(members, 'latin1').toString(), note);
  const start = Buffer.from(startAt(url)).toString('latin1');
  const data = new Uint8Array(Buffer.from(`{${members.replaceAll(pictureStart, () => start)}}`, 'latin1'));
  return { languages, data };
}

export interface AnswerPieces extends MovieMembers, Notes {
  /** The beginning, parsed: in English, with keys that are made again when it is written. */
  parsed: DocumentHead;
}

/** An answer in pieces, for those who are shown something else. */
export function piecesOfAnswer(body: Uint8Array): AnswerPieces {
  const text = unpacked(body).toString();
  const [head = '', people = '', images = '', facts = '', providers = '', videos = '', notes = ''] =
    text.split('\n');
  const { poster_url: _, backdrop_url: __, ...parsed } = JSON.parse(`{${head}}`);
  return { head, people, images, facts, providers, videos, parsed, ...(JSON.parse(notes) as Notes) };
}

const unpacked = (body: Uint8Array): Buffer => {
  const plain = Bun.zstdDecompressSync(body);
  return Buffer.isBuffer(plain) ? plain : Buffer.from(plain);
};

/** Members of an answer with whole URLs of pictures. */
export function placePictures(members: string, { url, note }: PicturePlace): string {
  if (note !== undefined) notePictures(members, note);
  const start = startAt(url);
  return members.replaceAll(pictureStart, () => start);
}

const startAt = (url: string) => `${JSON.stringify(url).slice(0, -1)}/`;

const picture = /"\\u0001\/[^/"]+(\/(?:[^"\\]|\\.)*)"|"logo_path":"((?:[^"\\]|\\.)*)"/g;

function notePictures(members: string, note: (path: string) => void): void {
  for (const [, path, logo = ''] of members.matchAll(picture)) note(JSON.parse(`"${path ?? logo}"`));
}
