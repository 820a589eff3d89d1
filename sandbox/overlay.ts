import { type Catalogue, pageOfIds, TOP, type Window } from './catalogue.ts';
import { createChangeList } from './changes.ts';
import { allParts, type Part, type WireMovie, type WireParts, type WireRow } from './wire.ts';

/** What a test may change about a catalogue while it is served. */
export interface OverlayControl {
  /** These ids answer 404 from now on, while lists and the export still name them. */
  setGone(ids: readonly number[]): void;
  /** Lays a patch over one movie, for its details and for the lists that name it. */
  override(id: number, patch: Partial<WireMovie>): void;
  /** Adds a movie, or replaces one, exactly as given; parts it lacks are empty. */
  addMovie(movie: WireMovie): void;
  /** What is trending from now on, in this order. */
  setTrending(window: Window, ids: readonly number[]): void;
  /** What the feed of changes lists in addition, as changed at this time. All changes made here are in it anyway. */
  listChanged(ids: readonly number[], atMs?: number): void;
  clearChanges(): void;
}

export function rowFromMovie(movie: WireMovie): WireRow {
  return {
    adult: movie.adult,
    backdrop_path: movie.backdrop_path,
    genre_ids: movie.genres.map(({ id }) => id),
    id: movie.id,
    original_language: movie.original_language,
    original_title: movie.original_title,
    overview: movie.overview,
    popularity: movie.popularity,
    poster_path: movie.poster_path,
    release_date: movie.release_date,
    softcore: false,
    title: movie.title,
    video: movie.video,
    vote_average: movie.vote_average,
    vote_count: movie.vote_count,
  };
}

const emptyPage = { page: 1, results: [], total_pages: 1, total_results: 0 };

export function emptyParts(movie: { imdb_id: string | null }): WireParts {
  return {
    credits: { cast: [], crew: [] },
    keywords: { keywords: [] },
    recommendations: emptyPage,
    similar: emptyPage,
    release_dates: { results: [] },
    videos: { results: [] },
    external_ids: {
      imdb_id: movie.imdb_id || null,
      wikidata_id: null,
      facebook_id: null,
      instagram_id: null,
      twitter_id: null,
    },
    images: { backdrops: [], logos: [], posters: [] },
    translations: { translations: [] },
    alternative_titles: { titles: [] },
    reviews: { page: 1, results: [], total_pages: 0, total_results: 0 },
    'watch/providers': { results: {} },
  };
}

/** The movie with just the parts asked for; those it lacks come empty. */
export function selectParts(movie: WireMovie, parts: readonly Part[]): WireMovie {
  const base: WireMovie = { ...movie };
  for (const part of allParts) delete base[part];
  const empty = emptyParts(movie);
  return Object.assign(base, Object.fromEntries(parts.map((part) => [part, movie[part] ?? empty[part]])));
}

function patchRow(row: WireRow, patch: Partial<WireMovie>): WireRow {
  const { genres, ...rest } = patch;
  const known = Object.entries(rest).filter(([field]) => field in row);
  return {
    ...row,
    ...Object.fromEntries(known),
    ...(genres ? { genre_ids: genres.map(({ id }) => id) } : {}),
  };
}

function patchDetails(movie: WireMovie, patch: Partial<WireMovie>, parts: readonly Part[]): WireMovie {
  const unasked = allParts.filter((part) => !parts.includes(part));
  const fields = Object.entries(patch).filter(([field]) => !unasked.some((part) => part === field));
  return { ...movie, ...Object.fromEntries(fields) };
}

/** A catalogue that tests can change; untouched, it is the one underneath. */
export function createOverlay(base: Catalogue, now: () => number = Date.now): Catalogue & OverlayControl {
  const changes = createChangeList(now);
  const gone = new Set<number>();
  const patches = new Map<number, Partial<WireMovie>>();
  const added = new Map<number, WireMovie>();
  const trending = new Map<Window, readonly number[]>();
  let extraIds: number[] = [];
  let popular: number[] | undefined;

  const rowOf = (id: number): WireRow | undefined => {
    const own = added.get(id);
    const row = own ? rowFromMovie(own) : base.row(id);
    const patch = patches.get(id);
    return row && patch ? patchRow(row, patch) : row;
  };
  const relatedRows = (id: number, relation: 'recommendations' | 'similar') =>
    (patches.get(id)?.[relation] ?? added.get(id)?.[relation])?.results.map((row) => row.id);
  const changed = () => added.size > 0 || patches.size > 0;

  const overlay: Catalogue & OverlayControl = {
    identity: base.identity,
    get size() {
      return base.size + extraIds.length;
    },
    idAt: (position) => extraIds[position - base.size] ?? base.idAt(position),
    exportEntryAt(position) {
      if (!changed()) return base.exportEntryAt(position);
      const id = overlay.idAt(position);
      if (!added.has(id) && !patches.has(id)) return base.exportEntryAt(position);
      const { adult, original_title, popularity, video } = rowOf(id) as WireRow;
      return { adult, id, original_title, popularity: popularity ?? 0, video };
    },
    brief: (id) => (patches.has(id) || added.has(id) ? rowOf(id) : base.brief(id)),
    row: rowOf,
    get rowJson() {
      return changed() ? undefined : base.rowJson;
    },
    details(id, parts) {
      if (gone.has(id)) return undefined;
      const own = added.get(id);
      const movie = own ? selectParts(own, parts) : base.details(id, parts);
      const patch = patches.get(id);
      const whole = movie && patch ? patchDetails(movie, patch, parts) : movie;
      if (whole && changed()) refreshRelations(whole, parts);
      return whole;
    },
    related: (id, relation) => relatedRows(id, relation) ?? (added.has(id) ? [] : base.related(id, relation)),
    popular() {
      if (!changed()) return base.popular();
      popular ??= rankAgain([...base.popular(), ...extraIds]);
      return popular;
    },
    trending: (window) => trending.get(window) ?? [...base.trending(window), ...extraIds],
    idByImdb(imdbId) {
      for (const movie of added.values()) if (movie.imdb_id === imdbId) return movie.id;
      for (const [id, patch] of patches) if (patch.imdb_id === imdbId) return id;
      return base.idByImdb(imdbId);
    },
    changedIds: changes.between,
    listChanged: changes.add,
    setGone(ids) {
      changes.add(ids);
      for (const id of ids) gone.add(id);
    },
    override(id, patch) {
      changes.add([id]);
      patches.set(id, { ...patches.get(id), ...patch });
      popular = undefined;
    },
    addMovie(movie) {
      changes.add([movie.id]);
      if (!added.has(movie.id) && !base.brief(movie.id)) extraIds.push(movie.id);
      added.set(movie.id, movie);
      popular = undefined;
    },
    setTrending(window, ids) {
      trending.set(window, ids);
    },
    clearChanges() {
      changes.clear();
      trending.clear();
      gone.clear();
      patches.clear();
      added.clear();
      extraIds = [];
      popular = undefined;
    },
  };

  /** Rows inside a movie's relations show changed movies as changed, unless the test wrote those rows itself. */
  function refreshRelations(movie: WireMovie, parts: readonly Part[]): void {
    for (const relation of ['recommendations', 'similar'] as const) {
      if (!parts.includes(relation) || relatedRows(movie.id, relation) || added.has(movie.id)) continue;
      movie[relation] = pageOfIds(overlay, base.related(movie.id, relation), 1);
    }
  }

  function rankAgain(ids: number[]): number[] {
    const ranked = ids.map((id) => ({ id, popularity: overlay.brief(id)?.popularity ?? 0 }));
    ranked.sort((a, b) => b.popularity - a.popularity || a.id - b.id);
    return ranked.slice(0, TOP).map(({ id }) => id);
  }

  return overlay;
}
