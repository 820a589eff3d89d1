import { famousCollectionOf } from './collections.ts';
import { filmsFrom1980 } from './films-from-1980.ts';
import { filmsFrom1995 } from './films-from-1995.ts';
import { filmsFrom2004 } from './films-from-2004.ts';
import { filmsUntil1979 } from './films-until-1979.ts';
import { genreByName } from './genres.ts';
import { keywordNamed } from './keywords.ts';
import type { WireCollection, WireNamed } from './wire.ts';

export interface FamousFilm {
  id: number;
  title: string;
  originalTitle: string;
  language: string;
  releaseDate: string;
  runtime: number;
  certification: string;
  imdbId: string;
  genres: WireNamed[];
  directors: WireNamed[];
  cast: (WireNamed & { character: string })[];
  keywords: WireNamed[];
  overview: string;
  collection: WireCollection | null;
}

const headline = /^(\d+) (.+) \/ (.+) \[(\w+)\] \((\S+), (\d+) min, (\S+), (tt\d+)\) (.+)$/;
const credit = /^(.+) #(\d+)(?: as (.+))?$/;

function listAfter(line: string | undefined, word: string): string {
  if (!line?.startsWith(`${word} `)) throw new Error(`expected "${word} …", found "${line}"`);
  return line.slice(word.length + 1);
}

function readCredits(line: string | undefined, word: string): (WireNamed & { character: string })[] {
  return listAfter(line, word)
    .split('; ')
    .map((text) => {
      const [, name = '', id = '', character = ''] = credit.exec(text) ?? [];
      if (!name) throw new Error(`not a credit: "${text}"`);
      return { id: Number(id), name, character };
    });
}

function readFilm(paragraph: string): FamousFilm {
  const [head = '', by, starring, about, ...overview] = paragraph.split('\n');
  const found = headline.exec(head);
  if (!found) throw new Error(`not a film: "${head}"`);
  const [, id, title = '', originalTitle = '', language = '', releaseDate = '', runtime, certification = ''] =
    found;
  return {
    id: Number(id),
    title,
    originalTitle,
    language,
    releaseDate,
    runtime: Number(runtime),
    certification,
    imdbId: found[8] ?? '',
    genres: (found[9] ?? '').split(', ').map(genreByName),
    directors: readCredits(by, 'by').map(({ id, name }) => ({ id, name })),
    cast: readCredits(starring, 'with'),
    keywords: listAfter(about, 'about').split(', ').map(keywordNamed),
    overview: overview.join(' '),
    collection: famousCollectionOf(Number(id)),
  };
}

/** The well-known films, by id. */
export const famousFilms: readonly FamousFilm[] = [
  filmsUntil1979,
  filmsFrom1980,
  filmsFrom1995,
  filmsFrom2004,
]
  .flatMap((text) => text.trim().split('\n\n').map(readFilm))
  .sort((a, b) => a.id - b.id);
