import { expect, test } from 'bun:test';
import { codeOf, NexusError } from '#shared/errors.ts';
import { createAbsenceWitness } from './absence-witness.ts';

const absent = () => Promise.reject(new NexusError('upstream_not_found', 'no'));

/** A witness over a TMDb that has these movies. */
function open(known: number[], has: (id: number) => boolean | 'down', everyMs = 0) {
  const asked: number[] = [];
  const witness = createAbsenceWitness({
    readKnownMovies: async () => known,
    everyMs,
    ask: async (id) => {
      asked.push(id);
      const answer = has(id);
      if (answer === 'down') throw new NexusError('upstream_unavailable', 'down');
      if (!answer) await absent();
    },
  });
  const verdict = (id?: number) => witness.confirm(id).then(() => 'believed', codeOf);
  return { verdict, asked };
}

test('an absence is believed while TMDb has a movie that it surely has', async () => {
  const { verdict, asked } = open([1, 2, 3], (id) => id === 2);
  expect(await verdict(9)).toBe('believed');
  expect(asked).toEqual([1, 2]);
});

test('a wave is not believed, nor is a TMDb that then says nothing', async () => {
  expect(await open([1, 2, 3], () => false).verdict(9)).toBe('upstream_unavailable');
  expect(await open([1, 2, 3], () => 'down').verdict(9)).toBe('upstream_unavailable');
});

test('with too few movies to compare with, it is believed; none bears witness of itself', async () => {
  const { verdict, asked } = open([1, 2], () => false);
  expect(await verdict(1)).toBe('believed');
  expect(asked).toEqual([]);
});

test('many absences cost one look a while, and each look begins after what it judges', async () => {
  let has = true;
  const { verdict, asked } = open([1, 2], () => has, 200);
  expect(await Promise.all(Array.from({ length: 50 }, () => verdict(9)))).toEqual(Array(50).fill('believed'));
  expect(asked).toEqual([1]);
  has = false;
  const began = performance.now();
  expect(await verdict(9)).toBe('upstream_unavailable');
  expect(performance.now() - began).toBeGreaterThan(100);
});
