import { describe, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import { findRealData } from './real/find-real-data.ts';
import { mirrorReal } from './real/mirror-real.ts';

const realData = findRealData(process.env);
if (realData === undefined)
  process.stderr.write('no real records (NEXUS_REAL_DATA): their mirror is not tested\n');

describe.skipIf(realData === undefined)('a part of the real records', () => {
  test('is mirrored whole, and a second sync changes nothing', async () => {
    await using database = await testDatabase();
    const mirror = await mirrorReal({ database, realData: realData ?? '', every: 30 });
    expect(mirror.mirrored).toEqual(mirror.expected);
    expect(mirror.mirroredAgain).toEqual(mirror.expected);
    const { movies } = mirror.expected;
    expect(movies).toBeGreaterThan(800);
    expect(mirror.secondRun).toEqual({
      seen: movies,
      created: 0,
      updated: 0,
      unchanged: movies,
      gone: 0,
      failed: 0,
    });
    expect(mirror.unchanged).toBe(true);
    process.stderr.write(`data used: every thirtieth of the real records, ${movies} movies\n`);
  }, 180_000);
});
