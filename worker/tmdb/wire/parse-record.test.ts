import { expect, test } from 'bun:test';
import { parseRecord } from './parse-record.ts';

const film = { id: 7, title: 'A Movie', credit_id: 'c', character: 'x', media_type: 'movie' };
const series = { id: 8, name: 'A Series', credit_id: 's', character: 'y', media_type: 'tv' };

test('of a person’s credits both lists are kept, and of everything the movies', () => {
  const { texts } = parseRecord(
    'person',
    {
      ...{ id: 31, name: 'Ann', popularity: 1 },
      movie_credits: { crew: [], cast: [film, null] },
      combined_credits: { id: 31, cast: [series, film], crew: null },
    },
    31,
  );
  const shown = JSON.stringify({ cast: [film], crew: [] });
  expect([texts.get('movie_credits'), texts.get('combined_credits')]).toEqual([shown, shown]);
});
