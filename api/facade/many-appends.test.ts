import { expect, test } from 'bun:test';
import { openTestApi } from '#tests/support/api/api-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { partViews } from './movies/movie-parts.ts';

const mebibyte = 1024 * 1024;

test('a thousand different appends of a large movie do not fill the memory', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  const cast = Array.from({ length: 2500 }, (_, order) => ({
    id: order + 1,
    name: `Somebody ${order}`,
    character: 'x'.repeat(150),
    credit_id: `c${order}`,
    order,
  }));
  const parts = answeredParts({
    details: JSON.stringify({ id: 550, title: 'The Title' }),
    credits: JSON.stringify({ cast, crew: [] }),
  });
  await saveMovies(api.database.orm.em.fork(), [mirroredMovie(550, { parts })], { now: new Date() });
  const others = Object.keys(partViews).filter((name) => name !== 'credits');
  /** Another choice of the other parts for each number. */
  const ask = async (choice: number) => {
    const names = others.filter((_, bit) => (choice >> bit) % 2 === 1);
    const answer = await api.get(`/3/movie/550?append_to_response=${['credits', ...names].join(',')}`);
    return (await answer.arrayBuffer()).byteLength;
  };
  const heldBytes = () => {
    Bun.gc(true);
    return process.memoryUsage.rss();
  };
  await ask(0);
  const before = heldBytes();
  let madeBytes = 0;
  for (let choice = 1; choice <= 1000; choice++) madeBytes += await ask(choice);
  // Far more was made than may be kept: 64 MiB of movies, and what the allocator takes besides.
  expect(madeBytes).toBeGreaterThan(500 * mebibyte);
  expect(heldBytes() - before).toBeLessThan(250 * mebibyte);
});
