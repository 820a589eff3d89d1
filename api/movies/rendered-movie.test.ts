import { expect, test } from 'bun:test';
import { isStale } from '#shared/movies/freshness.ts';
import { jsonText } from '../http/contract/answer.ts';
import { nextStalenessChangeMs, renderMovie, renderMovieAgain } from './rendered-movie.ts';

const dayMs = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const metaOf = (movie: { body: { bytes: Uint8Array } }) =>
  JSON.parse(new TextDecoder().decode(movie.body.bytes)).meta;

test.each([[null], ['2025-12-20'], ['2026-01-03'], ['2020-01-01'], ['2025-10-04']])(
  'between two turns staleness does not change (released %p)',
  (releaseDate) => {
    const fetched = { fetchedAtMs: start, releaseDate };
    let now = start;
    for (let turn = 0; turn < 10; turn++) {
      const next = Math.min(nextStalenessChangeMs(fetched, now), start + 200 * dayMs);
      expect(isStale(fetched, next - 1)).toBe(isStale(fetched, now));
      now = next;
    }
  },
);

test('a body is rendered anew after a minute, or when it becomes stale, over the same data and ETag', () => {
  const language = { asked: 'de-DE' };
  const movieOf = { tmdbId: 1, fetchedAtMs: start, releaseDate: null, language, odd: false };
  const source = { ...movieOf, data: jsonText('{"a":"ü"}') };
  const movie = renderMovie(source, () => 'queued', start + 5000);
  expect(metaOf(movie)).toEqual({
    source: 'mirror',
    fetched_at: '2026-01-01T00:00:00.000Z',
    age_seconds: 5,
    stale: false,
    refresh: 'none',
    language,
  });
  expect(movie.renderAgainAtMs).toBe(start + 65_000);
  const { etag } = movie.body;
  renderMovieAgain(movie, () => 'queued', start + 7 * dayMs - 1000);
  expect(metaOf(movie).stale).toBe(false);
  expect(movie.renderAgainAtMs).toBe(start + 7 * dayMs + 1);
  renderMovieAgain(movie, () => 'queued', movie.renderAgainAtMs);
  expect(metaOf(movie)).toMatchObject({ stale: true, refresh: 'queued' });
  expect(movie.body.etag).toBe(etag);
  expect(JSON.parse(new TextDecoder().decode(movie.body.bytes)).data).toEqual({ a: 'ü' });
});
