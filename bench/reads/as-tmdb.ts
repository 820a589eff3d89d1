import { z } from 'zod';
import { hashOfKey, makeKey } from '#api/facade/keys/make-key.ts';
import type { BenchRow } from '../bench.ts';
import type { ChildProgram } from '../child-program.ts';
import { type RaceOptions, race } from './race.ts';
import { readWholeAnswer } from './whole-answer.ts';

interface AsTmdbOptions extends Omit<RaceOptions, 'lanes'> {
  api: ChildProgram;
  start: (path: string, environment?: Record<string, string>) => Promise<ChildProgram>;
  id: number;
}

/** Over a bare route's CPU, with room for a busy machine. */
const mostOfBare = 1.9;

const appended = 'append_to_response=credits,images,videos,similar,keywords';

/** What hot reads under `/3` cost, with and without a key, beside a bare route that sends the same bytes. */
export async function raceAsTmdb({ api, id, start, ...run }: AsTmdbOptions): Promise<BenchRow[]> {
  const keyId = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';
  const key = makeKey(keyId);
  await run.pool.query(
    'insert into facade_keys (id, name, api_key_hash, token_hash) values ($1, $2, $3, $4)',
    [keyId, 'bench', hashOfKey(key.api_key), hashOfKey(key.token)],
  );
  const closed = await start('./reads/api-server.ts', { FACADE: 'keys' });
  const path = `/3/movie/${id}`;
  const whole = `${path}?${appended}`;
  const bareOf = async (asked: string) =>
    start('./reads/bytes-server.ts', {
      ANSWER: JSON.stringify(await readWholeAnswer(`${z.string().parse(api.ready)}${asked}`)),
      ROUTE: '/3/movie/:id',
    });
  const [bare, bareWhole] = [await bareOf(path), await bareOf(whole)];
  const asked = [
    { what: 'one movie', server: api, path, bare },
    { what: 'with five parts', server: api, path: whole, bare: bareWhole },
    {
      what: 'with five parts and api_key',
      server: closed,
      path: `${whole}&api_key=${key.api_key}`,
      bare: bareWhole,
    },
    {
      what: 'with five parts and a token',
      server: closed,
      path: whole,
      bare: bareWhole,
      headers: `Authorization: Bearer ${key.token}\r\n`,
    },
  ];
  const figures = await race({
    ...run,
    lanes: asked.flatMap(({ server, path, bare, headers = '' }) => [
      { server, paths: [path], headers },
      { server: bare, paths: [path], headers },
    ]),
  });
  return asked.map(({ what }, at): BenchRow => {
    const [ours, limit] = [figures[2 * at], figures[2 * at + 1]];
    const [measured, least] = [ours?.cpuMicros ?? Number.NaN, limit?.cpuMicros ?? Number.NaN];
    return {
      what: `/3, hot, ${what}: CPU`,
      measured,
      unit: 'µs/read',
      limit: least,
      limitIs: 'bare route, same bytes',
      target: `at most ${mostOfBare} times`,
      met: measured <= mostOfBare * least,
      note: `${ours?.perSecond.toFixed(0)} reads/s, the limit ${limit?.perSecond.toFixed(0)}; p99 ${ours?.p99Ms.toFixed(2)} ms`,
    };
  });
}
