import { LRUCache } from 'lru-cache';
import { sizeInCache } from '../http/answers/packed.ts';
import { type ReadyBody, withInsertions } from '../http/answers/ready-body.ts';
import { type Flags, presentFlags } from './flags.ts';

export interface MovieInBody {
  tmdb_id: number;
  viewer?: unknown;
}

/** Where in the data of an answer the flags of its movies belong. */
export interface Places {
  id: number;
  tmdbIds: readonly number[];
  /** The data; written anew only where it was not written as we write JSON. */
  data: Uint8Array<ArrayBuffer>;
  /** Just before the end of each movie. */
  at: readonly number[];
}

export interface Overlay {
  /** Found once for a body, by reading it. */
  placesOf<Data, Meta>(body: ReadyBody<Data, Meta>, moviesOf: (data: Data) => MovieInBody[]): Places;
  /** @param flags one for each place */
  lay<Data, Meta>(
    body: ReadyBody<Data, Meta>,
    places: Places,
    flags: readonly Flags[],
  ): ReadyBody<Data, Meta>;
}

/** Answers with flags that somebody was sent lately: most users have said nothing of what most others look at. */
const maxBytes = 16 * 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const writeFlags = (flags: Flags) => `,"viewer":${JSON.stringify(presentFlags(flags))}`;
/** Other words for the same flags make another answer. */
const seed = Bun.hash.wyhash(writeFlags(0));

/** Lays what a user has said over the bytes that all callers share, without reading them again. */
export function createOverlay(): Overlay {
  const known = new WeakMap<Uint8Array, Places>();
  const texts = new Map<Flags, Uint8Array>();
  const answers = new LRUCache<string, { bytes: Uint8Array }>({
    maxSize: maxBytes,
    sizeCalculation: sizeInCache,
  });
  let count = 0;

  const textOf = (flags: Flags): Uint8Array => {
    const before = texts.get(flags);
    if (before !== undefined) return before;
    const text = encoder.encode(writeFlags(flags));
    texts.set(flags, text);
    return text;
  };

  return {
    placesOf<Data, Meta>({ data }: ReadyBody<Data, Meta>, moviesOf: (data: Data) => MovieInBody[]) {
      const before = known.get(data);
      if (before !== undefined) return before;
      const places = { id: ++count, ...findPlaces(data, moviesOf) };
      known.set(data, places);
      return places;
    },
    lay<Data, Meta>(body: ReadyBody<Data, Meta>, places: Places, flags: readonly Flags[]) {
      const said = flags.every((each) => each === 0) ? '' : flags.join();
      const key = `${places.id}/${said}`;
      const before = answers.get(key);
      // The key stands for one body.
      if (before !== undefined) return before as ReadyBody<Data, Meta>;
      const { data, at } = places;
      const etag = `${body.etag.slice(0, -1)}-${Bun.hash.wyhash(said, seed).toString(36)}"`;
      const laid = withInsertions(body, { data, at, texts: flags.map(textOf), etag });
      answers.set(key, laid);
      return laid;
    },
  };
}

/** Each movie gets a mark where its flags would stand; where the marks stand in the text are the places. */
function findPlaces<Data>(data: Uint8Array<ArrayBuffer>, moviesOf: (data: Data) => MovieInBody[]) {
  const read: Data = JSON.parse(decoder.decode(data));
  const movies = moviesOf(read);
  const mark = Bun.randomUUIDv7();
  for (const [index, movie] of movies.entries()) movie.viewer = `${mark}${index}`;
  const pieces = JSON.stringify(read).split(new RegExp(`,"viewer":"${mark}(\\d+)"`));
  const tmdbIds: number[] = [];
  const at: number[] = [];
  let text = '';
  let end = 0;
  for (let piece = 0; piece < pieces.length; piece += 2) {
    text += pieces[piece];
    end += Buffer.byteLength(pieces[piece] ?? '');
    const movie = movies[Number(pieces[piece + 1])];
    if (movie === undefined) continue;
    tmdbIds.push(movie.tmdb_id);
    at.push(end);
  }
  const written = encoder.encode(text);
  return { tmdbIds, at, data: Buffer.compare(written, data) === 0 ? data : written };
}
