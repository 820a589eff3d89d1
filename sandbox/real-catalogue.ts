import { type Brief, type Catalogue, TOP } from './catalogue.ts';
import { rowFromMovie, selectParts } from './overlay.ts';
import { createNameReader, type RawMovie, type RealMovie, readRaw, settle } from './real-data.ts';

interface Stored {
  /** The raw record, compressed: it is parsed and settled each time it is asked for. */
  bytes: Uint8Array;
  brief: Brief;
  imdbId: string | null;
}

function briefOf(movie: RawMovie): Brief {
  return {
    id: movie.id,
    title: movie.title,
    original_title: movie.original_title ?? movie.title,
    genre_ids: (movie.genres ?? []).map(({ id }) => id),
    release_date: movie.release_date,
    popularity: movie.popularity,
    vote_average: movie.vote_average ?? 0,
    vote_count: movie.vote_count ?? 0,
    adult: movie.adult,
  };
}

/** Serves the real records of a folder. They have no relations, and are listed by popularity, then id. */
export async function openRealCatalogue(folder: string): Promise<Catalogue> {
  const stored = new Map<number, Stored>();
  const idByImdb = new Map<string, number>();
  const names = createNameReader();
  for await (const movie of readRaw(folder)) {
    names.read(movie);
    const { _src, ...record } = movie;
    const bytes = Bun.zstdCompressSync(Buffer.from(JSON.stringify(record)), { level: 1 });
    stored.set(movie.id, { bytes, brief: briefOf(movie), imdbId: movie.imdb_id });
    if (movie.imdb_id && !idByImdb.has(movie.imdb_id)) idByImdb.set(movie.imdb_id, movie.id);
  }
  const ids = [...stored.keys()].sort((a, b) => a - b);
  const popularity = (id: number) => stored.get(id)?.brief.popularity ?? 0;
  const popular = ids.toSorted((a, b) => popularity(b) - popularity(a) || a - b).slice(0, TOP);

  const record = (id: number): RealMovie | undefined => {
    const found = stored.get(id);
    if (!found) return undefined;
    return settle(JSON.parse(Bun.zstdDecompressSync(found.bytes).toString()) as RawMovie, names.settled);
  };
  return {
    identity: 'sandbox:real-data',
    size: ids.length,
    idAt: (position) => ids[position] ?? 0,
    exportEntryAt(position) {
      const id = ids[position] ?? 0;
      const brief = stored.get(id)?.brief;
      return {
        adult: brief?.adult ?? false,
        id,
        original_title: brief?.original_title ?? '',
        popularity: brief?.popularity ?? 0,
        video: false,
      };
    },
    brief: (id) => stored.get(id)?.brief,
    row(id) {
      const movie = record(id);
      const brief = stored.get(id)?.brief;
      return movie && brief && { ...rowFromMovie(movie), ...brief };
    },
    details(id, parts) {
      const movie = record(id);
      return movie && selectParts(movie, parts);
    },
    related: () => [],
    popular: () => popular,
    trending: () => popular,
    idByImdb: (imdbId) => idByImdb.get(imdbId),
  };
}
