import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseMovie, parseMoviePage } from './wire/parse-answer.ts';
import { readerOf } from './wire/plain-reader.ts';
import { WireMovie } from './wire/schemas.ts';

const folder = process.env.NEXUS_REAL_DATA ?? join(import.meta.dir, '../../../shared/data');
const details = join(folder, 'movie-details-with-credits.ndjson.gz');
const merged = join(folder, 'movies-30k.ndjson.gz');
const pages = join(folder, 'popular-pages-1-100.ndjson.gz');
const present = [details, merged, pages].every((file) => existsSync(file));

function* recordsOf(file: string, most: number): Generator<{ id: number; page: number }> {
  const lines = gunzipSync(readFileSync(file)).toString().split('\n');
  for (const line of lines.slice(0, most)) if (line !== '') yield JSON.parse(line);
}

test.skipIf(!present)(
  'takes every real record it is given',
  () => {
    let seen = 0;
    for (const file of [details, merged]) {
      for (const record of recordsOf(file, 2000)) {
        const movie = parseMovie(record, record.id);
        expect(Bun.deepEquals(readerOf(WireMovie)(record), WireMovie.parse(record))).toBe(true);
        expect(movie.tmdb_id).toBe(record.id);
        expect(new Set(movie.credits.map((c) => c.credit_id)).size).toBe(movie.credits.length);
        seen += 1;
      }
    }
    expect(seen).toBe(4000);
  },
  60_000,
);

test.skipIf(!present)('takes every real page it is given', () => {
  for (const record of recordsOf(pages, 100))
    expect(parseMoviePage(record, record.page).results.length).toBeGreaterThan(0);
});
