import { FileRecord, packedLines, recordFiles } from './read-files.ts';

/** How many rows of each kind there are. */
export interface MirrorCounts {
  movies: number;
  credits: number;
  people: number;
  keywords: number;
  genres: number;
  collections: number;
  movie_genres: number;
  movie_keywords: number;
}

/**
 * What a mirror of the files must hold, counted without anything of the sandbox or the worker: the first record of
 * each id; credits by `credit_id`, or by their place where they have none; people, keywords and genres by id.
 */
export async function countFiles(folder: string): Promise<MirrorCounts> {
  const seen = new Set<number>();
  const [people, keywords, genres, collections] = [0, 0, 0, 0].map(() => new Set<number>()) as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const sums = { credits: 0, movie_genres: 0, movie_keywords: 0 };
  for (const file of recordFiles)
    for await (const line of packedLines(folder, file)) {
      const record = FileRecord.parse(JSON.parse(line));
      if (seen.has(record.id)) continue;
      seen.add(record.id);
      sums.credits += creditsOf(record, people);
      sums.movie_genres += addIds(record.genres, genres);
      sums.movie_keywords += addIds(record.keywords?.keywords, keywords);
      addIds(record.belongs_to_collection ? [record.belongs_to_collection] : [], collections);
    }
  return {
    movies: seen.size,
    people: people.size,
    keywords: keywords.size,
    genres: genres.size,
    collections: collections.size,
    ...sums,
  };
}

/** Those without a person's id are left out; the same id twice in one movie is one credit. */
function creditsOf({ credits }: FileRecord, people: Set<number>): number {
  const own = new Set<string>();
  for (const part of ['cast', 'crew'] as const)
    for (const [place, { id, credit_id }] of (credits?.[part] ?? []).entries()) {
      if (id === null) continue;
      people.add(id);
      own.add(credit_id || `${part} ${place}`);
    }
  return own.size;
}

/** @returns how many different ones this movie has */
function addIds(rows: { id: number | null }[] | null | undefined, all: Set<number>): number {
  const own = new Set((rows ?? []).flatMap(({ id }) => (id === null ? [] : [id])));
  for (const id of own) all.add(id);
  return own.size;
}
