import { type Catalogue, pageOfIds, TOP, type Window } from './catalogue.ts';
import { type FamousFilm, famousFilms } from './famous-films.ts';
import {
  famousBase,
  famousCredits,
  famousReleases,
  famousRow,
  famousSubject,
  famousVideos,
} from './famous-movie.ts';
import { relatedToFamous } from './famous-relations.ts';
import { creditsOf } from './generated-credits.ts';
import { baseOf, idFromImdb, imdbIdOf, keywordsOf, releaseDatesOf, videosOf } from './generated-details.ts';
import { type Relation, type RelationWorld, relatedTo } from './generated-relations.ts';
import { exportEntryOf, isAdult, outlineOf, popularityOf, popularityRoll } from './generated-row.ts';
import { localPartsOf, type Subject } from './local-parts.ts';
import { createNumbering } from './numbering.ts';
import { chanceOf, salts } from './random.ts';
import { rememberRows } from './row-cache.ts';
import type { ExportEntry, Part, WireMovie, WireParts } from './wire.ts';

const filmById = new Map(famousFilms.map((film) => [film.id, film]));
const filmByImdb = new Map(famousFilms.map((film) => [film.imdbId, film]));
const famousByTheme = Map.groupBy(famousFilms, (film) => film.genres[0]?.id ?? 0);

export const fewestMovies = 200;
export const mostMovies = 1_000_000;

/** Invented movies behind a hundred or so well-known ones. Nothing is kept: movie n is worked out when asked for. */
export function createGeneratedCatalogue({ seed, movies }: { seed: number; movies: number }): Catalogue {
  const numbering = createNumbering(
    seed,
    famousFilms.map(({ id }) => id),
  );
  const count = movies - famousFilms.length;
  const world: RelationWorld = {
    seed,
    count,
    idOf: numbering.idOf,
    famousOf: (theme) => famousByTheme.get(theme)?.map(({ id }) => id) ?? [],
  };
  const numberOf = (id: number) => {
    const n = numbering.numberOf(id);
    return n === undefined || n >= count ? undefined : n;
  };
  const { row, rowJson } = rememberRows((id) => {
    const film = filmById.get(id);
    if (film) return famousRow(film);
    const n = numberOf(id);
    return n === undefined ? undefined : outlineOf(seed, n, id).row;
  });
  const relatedFilms = {
    recommendations: oncePerFilm((film) => relatedToFamous(world, famousFilms, film, 'recommendations')),
    similar: oncePerFilm((film) => relatedToFamous(world, famousFilms, film, 'similar')),
  };
  const related = (id: number, relation: Relation) => {
    const film = filmById.get(id);
    if (film) return relatedFilms[relation](film);
    const n = numberOf(id);
    return n === undefined ? [] : relatedTo(world, n, relation);
  };

  function famousDetails(id: number, parts: readonly Part[]): WireMovie | undefined {
    const film = filmById.get(id);
    if (!film) return undefined;
    const base = famousBase(film);
    return withParts(famousSubject(film, base), parts, {
      credits: () => famousCredits(film),
      keywords: () => ({ keywords: film.keywords }),
      release_dates: () => famousReleases(film),
      videos: () => famousVideos(film),
    });
  }

  function withParts(
    subject: Subject,
    parts: readonly Part[],
    own: { [P in 'credits' | 'keywords' | 'release_dates' | 'videos']: () => WireParts[P] },
  ): WireMovie {
    const { base } = subject;
    const social = { wikidata_id: null, facebook_id: null, instagram_id: null, twitter_id: null };
    const makers: { [P in Part]: () => WireParts[P] } = {
      ...own,
      ...localPartsOf(seed, subject),
      external_ids: () => ({ imdb_id: base.imdb_id || null, ...social }),
      recommendations: () => pageOfIds(catalogue, related(base.id, 'recommendations'), 1),
      similar: () => pageOfIds(catalogue, related(base.id, 'similar'), 1),
    };
    return Object.assign(base, Object.fromEntries(parts.map((part) => [part, makers[part]()])));
  }

  let popular: number[] | undefined;
  const trending: Partial<Record<Window, number[]>> = {};
  const catalogue: Catalogue = {
    identity: `sandbox:seed=${seed}:movies=${movies}`,
    size: movies,
    idAt: (position) => famousFilms[position]?.id ?? numbering.idOf(position - famousFilms.length),
    exportEntryAt(position): ExportEntry {
      const film = famousFilms[position];
      if (!film) {
        const n = position - famousFilms.length;
        return exportEntryOf(seed, n, numbering.idOf(n));
      }
      const { adult, id, original_title, popularity, video } = famousRow(film);
      return { adult, id, original_title, popularity: popularity ?? 0, video };
    },
    brief: row,
    row,
    rowJson,
    details(id, parts) {
      const n = numberOf(id);
      if (n === undefined) return famousDetails(id, parts);
      const outline = outlineOf(seed, n, id);
      const { tongue } = outline;
      const subject = {
        base: baseOf(seed, outline),
        tongue,
        isFamous: false,
        about: { director: '', cast: [] },
      };
      return withParts(subject, parts, {
        credits: () => creditsOf(seed, outline),
        keywords: () => ({ keywords: keywordsOf(seed, outline) }),
        release_dates: () => releaseDatesOf(seed, outline),
        videos: () => videosOf(seed, n, id, outline.row.title),
      });
    },
    related,
    popular() {
      popular ??= mostPopular(seed, count, numbering.idOf);
      return popular;
    },
    trending(window) {
      trending[window] ??= shuffledBy(seed, catalogue.popular(), salts[window]);
      return trending[window];
    },
    idByImdb(imdbId) {
      const film = filmByImdb.get(imdbId);
      if (film) return film.id;
      const id = idFromImdb(imdbId);
      const n = numberOf(id);
      return n !== undefined && imdbIdOf(seed, n, id) === imdbId ? id : undefined;
    },
  };
  return catalogue;
}

/** Passes once over the rolls and keeps only those low enough to be among the TOP. */
function mostPopular(seed: number, count: number, idOf: (n: number) => number): number[] {
  const limit =
    (4_294_967_296 * Math.min(TOP, count)) / Math.max(count, 1) + 4_294_967_296 * (400 / Math.max(count, 1));
  const ranked = famousFilms.map((film) => ({ id: film.id, popularity: famousRow(film).popularity ?? 0 }));
  for (let n = 0; n < count; n++) {
    if (popularityRoll(seed, n) >= limit || isAdult(seed, n)) continue;
    ranked.push({ id: idOf(n), popularity: popularityOf(seed, n) });
  }
  ranked.sort((a, b) => b.popularity - a.popularity || a.id - b.id);
  return ranked.slice(0, TOP).map(({ id }) => id);
}

/** The same movies in another order: each moves up or down by up to half of its rank. */
function shuffledBy(seed: number, ids: readonly number[], salt: number): number[] {
  return ids
    .map((id, rank) => ({ id, key: (rank + 1) * (0.5 + chanceOf(seed, id, salt)) }))
    .sort((a, b) => a.key - b.key || a.id - b.id)
    .map(({ id }) => id);
}

function oncePerFilm<T>(work: (film: FamousFilm) => T): (film: FamousFilm) => T {
  const done = new Map<FamousFilm, T>();
  return (film) => {
    const known = done.get(film) ?? work(film);
    done.set(film, known);
    return known;
  };
}
