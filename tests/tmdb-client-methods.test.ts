import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createRequire } from 'node:module';
import { TMDB as LorenzoTmdb } from '@lorenzopant/tmdb';
import { MovieDb } from 'moviedb-promise';
import { TMDB } from 'tmdb-ts';
import { openService, type Service } from '#tests/support/service.ts';

/**
 * Every method that a library has for movies, people, searches, discover, lists and configuration, as the library itself
 * names them: it works, or stands in the table of what is not served.
 */
let service: Service;
let base: string;
let ids: Record<'movie' | 'person' | 'collection' | 'keyword' | 'company', number>;
const require = createRequire(import.meta.url);
const key = '0123456789abcdef0123456789abcdef';
const own = globalThis.fetch;

beforeAll(async () => {
  service = await openService({ env: { TMDB_FACADE: 'open' } });
  for (const job of ['lists', 'reference'] as const) await service.sync(job);
  base = `${service.url}/3`;
  const one = async (text: string) => Number((await service.rows(text))[0]?.id);
  ids = {
    movie: 603,
    person: 6384,
    collection: 2344,
    keyword: await one('select keyword_id as id from movie_keywords limit 1'),
    company: await one('select id from companies order by id limit 1'),
  };
  const elsewhere = (url: unknown, init?: RequestInit) =>
    own(String(url).replace('https://api.themoviedb.org/3', base), init);
  globalThis.fetch = elsewhere as typeof fetch;
}, 120_000);
afterAll(async () => {
  globalThis.fetch = own;
  await service?.[Symbol.asyncDispose]();
});

/** Series, accounts and what only they have: not asked for at all. */
const ofOthers =
  /tv|series|season|episode|rated|rating|watchlist|favorite|account|session|rate[A-Z]|token|validate|status|OnAir|AiringToday/i;
/** What libraries have beside calls. */
const isHelper =
  /^(get|post|put|delete)?(endpoint|params)$|^(normalize|make|parse|apply|with[A-Z]|inject|fetch_|\w+Path$|\w+SubPath$)/i;
/** Rooms of a library that hold no call of these. */
const otherRooms = /^(account|authentication|guest|tv|list$|lists$|network|client|options|images$|cache)/i;

/** Not served, by words in the name of a method, and why. Each is refused with 404 and code 34. */
const notServed: [words: RegExp, reason: string][] = [
  [
    /list(Info|s$)|Lists$|searchList|(movies|movie)\.(lists|getLists)$|(create|remove|clear|delete).*list|List$(?<=createList|clearList|deleteList)|ListItem$/,
    'lists of users are not mirrored',
  ],
  [
    /(movie|person|movies|people)\.?(get)?Changes$|(movies|people|movie|person)\.(changes|getChanges)$/i,
    'what changed of one movie is not mirrored',
  ],
  [/personLatest|(people|person)\.(latest|getLatest)$/, 'the newest person is not mirrored'],
  [/tagged_?images/i, 'pictures that show several people are not mirrored'],
  [/^credit|credits?\.(getById|details|getDetails)$/i, 'single credits have no route here'],
  [/^review$|reviews?\.(details|getDetails)$/, 'single reviews have no route here'],
  [/network/i, 'networks are of series'],
  [/^(genre|company)Movies$/, 'TMDb’s reference does not have it any more: discover has'],
];
const reasonOf = (name: string) => notServed.find(([words]) => words.test(name))?.[1];

type Call = (name: string) => Promise<unknown>;

const namesOf = (object: object): string[] => {
  const names = new Set<string>();
  for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && typeof (object as Record<string, unknown>)[name] === 'function')
        names.add(name);
  return [...names].filter((name) => !isHelper.test(name));
};

/** `room.method` of each, where a library has rooms. */
const inRooms = (client: object): string[] =>
  Object.entries(client)
    .filter(([room, methods]) => typeof methods === 'object' && methods !== null && !otherRooms.test(room))
    .flatMap(([room, methods]) => namesOf(methods).map((name) => `${room}.${name}`));

async function driveAll(names: readonly string[], call: Call): Promise<string[]> {
  const asked = names.filter((name) => !ofOthers.test(name));
  const outcomes = [];
  for (const name of asked) {
    const works = await call(name).then(
      (found) => typeof found === 'object' && found !== null,
      () => false,
    );
    const isWanted = reasonOf(name) === undefined;
    if (works !== isWanted) outcomes.push({ name, works, isWanted });
  }
  expect(outcomes).toEqual([]);
  return asked.filter((name) => reasonOf(name) === undefined);
}

const subjectOf = (name: string): keyof typeof ids =>
  ((['person', 'people', 'collection', 'keyword', 'compan'] as const)
    .map((word) =>
      new RegExp(`^${word}`, 'i').test(name)
        ? (({ people: 'person', compan: 'company' } as const)[word as 'people'] ?? word)
        : undefined,
    )
    .find((found) => found !== undefined) as keyof typeof ids) ?? 'movie';

const common = { query: 'the', external_source: 'imdb_id', media_type: 'movie', time_window: 'week' };
const imdbId = async () =>
  String((await service.rows('select imdb_id from movies where tmdb_id = 603'))[0]?.imdb_id);
const argumentsOf = async (name: string) => {
  const id = /^find/.test(name) ? await imdbId() : ids[subjectOf(name)];
  return { ...common, id };
};

describe('every method of', () => {
  test('moviedb-promise', async () => {
    const client = new MovieDb(key, `${base}/`) as unknown as Record<
      string,
      (asked: object) => Promise<unknown>
    >;
    const driven = await driveAll(namesOf(client), async (name) => client[name]?.(await argumentsOf(name)));
    expect(driven.length).toBeGreaterThan(45);
  });

  test('moviedb', async () => {
    const client = require('moviedb')(key, `${base}/`);
    const driven = await driveAll(namesOf(client), async (name) => {
      const asked = await argumentsOf(name);
      return new Promise((resolve, reject) =>
        client[name](asked, (error: unknown, found: unknown) => (error ? reject(error) : resolve(found))),
      );
    });
    expect(driven.length).toBeGreaterThan(35);
  });

  const pathIds = async () => ({
    ...common,
    ...Object.fromEntries(Object.entries(ids).map(([name, id]) => [`${name}_id`, id])),
    external_id: await imdbId(),
  });
  const inRoom = (client: unknown, name: string, ...asked: unknown[]): Promise<unknown> => {
    const [room = '', method = ''] = name.split('.');
    const rooms = client as Record<string, Record<string, (...asked: unknown[]) => Promise<unknown>>>;
    return Promise.resolve(rooms[room]?.[method]?.(...asked));
  };

  test('node-themoviedb', async () => {
    const requests = require('node-themoviedb/dist/utils/requests.js');
    requests.default = requests.default.extend({ prefixUrl: base, retry: 0 });
    const { default: Client } = require('node-themoviedb') as { default: new (key: string) => object };
    const client = new Client(key);
    const driven = await driveAll(inRooms(client), async (name) =>
      inRoom(client, name, {
        pathParameters: await pathIds(),
        query: /^find/.test(name) ? { external_source: 'imdb_id' } : { query: 'the' },
      }),
    );
    expect(driven.length).toBeGreaterThan(40);
  });

  test('@lorenzopant/tmdb', async () => {
    const client = new LorenzoTmdb(key);
    const driven = await driveAll(inRooms(client), async (name) => inRoom(client, name, await pathIds()));
    expect(driven.length).toBeGreaterThan(45);
  });

  test('tmdb-ts', async () => {
    const client = new TMDB(key);
    const rooms = Object.fromEntries(
      Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(client)))
        .filter(([, { get }]) => get !== undefined)
        .map(([name]) => [name, (client as unknown as Record<string, unknown>)[name]]),
    );
    const all = { ...rooms, ...client };
    const isList =
      /^(search|discover|certifications|changes|configuration|genres|watchProviders)\.|\.(latest|nowPlaying|popular|topRated|upcoming)$/;
    const driven = await driveAll(inRooms(all), async (name) => {
      if (name.startsWith('trending')) return inRoom(all, name, 'movie', 'week');
      if (name.startsWith('find')) return inRoom(all, name, await imdbId(), { external_source: 'imdb_id' });
      return isList.test(name)
        ? inRoom(all, name, { query: 'the' })
        : inRoom(all, name, ids[subjectOf(name)]);
    });
    expect(driven.length).toBeGreaterThan(45);
  });
});
