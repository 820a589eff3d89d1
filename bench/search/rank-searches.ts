import type { Pool } from 'pg';
import { askedMovies, MoviesQuery } from '#api/browse/model.ts';
import type { BrowseService } from '#api/browse/service.ts';
import { english } from '../english.ts';
import { packedLines, recordFiles } from '../real/read-files.ts';
import { rankedSearches } from './ranked-searches.ts';

const batch = 5000;
const mostCharacters = 255;

/** What a search needs of the real records, written as the worker would: the triggers make the rest. */
export async function fillRealTitles(pool: Pool, folder: string): Promise<number> {
  const seen = new Set<number>();
  let rows: unknown[] = [];
  const flush = async () => {
    await pool.query(insertText, [JSON.stringify(rows)]);
    rows = [];
  };
  for (const file of recordFiles)
    for await (const line of packedLines(folder, file)) {
      const { id, title, release_date, ...rest } = JSON.parse(line);
      if (seen.has(id)) continue;
      seen.add(id);
      const { original_title, popularity, vote_count, adult } = rest;
      rows.push({
        ...{ id, original_title, popularity, vote_count, adult, release_date: release_date || null },
        title: title.slice(0, mostCharacters).toWellFormed(),
      });
      if (rows.length === batch) await flush();
    }
  await flush();
  await pool.query('analyze movies, movie_titles');
  return seen.size;
}

const insertText = `
  insert into movies (tmdb_id, state, title, original_title, popularity, vote_count, adult, release_date, fetched_at)
  select id, 'detailed', title, left(original_title, ${mostCharacters}), popularity, vote_count, adult, release_date, now()
  from json_to_recordset($1) as i(id int, title text, original_title text, popularity float8, vote_count int,
    adult boolean, release_date date)`;

export interface RankedKind {
  kind: string;
  count: number;
  timesMs: number[];
  /** Each in words: what was asked, what should have come, and what came. */
  lost: string[];
}

/** Asks every search once and looks where the right film stands. */
export async function rankSearches(browse: BrowseService): Promise<RankedKind[]> {
  const kinds: RankedKind[] = [];
  for (const [kind, searches] of Object.entries(rankedSearches)) {
    const ranked: RankedKind = { kind, count: searches.length, timesMs: [], lost: [] };
    for (const [query, film, tmdbId, within = 1] of searches) {
      const startedAt = performance.now();
      const body = await browse.page(askedMovies(MoviesQuery.parse({ query })), undefined, english);
      ranked.timesMs.push(performance.now() - startedAt);
      const found: { tmdb_id: number; title: string }[] = JSON.parse(new TextDecoder().decode(body.data));
      const place = found.findIndex((movie) => movie.tmdb_id === tmdbId) + 1;
      if (place === 0 || place > within)
        ranked.lost.push(`"${query}": ${film} at ${place || 'no place'}, "${found[0]?.title ?? ''}" first`);
    }
    kinds.push(ranked);
  }
  return kinds;
}
