import type { Pool } from 'pg';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '../movies/audience.ts';
import { readAskedWords } from '../search/asked-words.ts';
import { exactQuery, matchQuery } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import type { Actor, PeopleQuery } from './model.ts';
import { peopleStatement, popularPeopleStatement } from './people-statements.ts';

/** What is known of a person is up to a week older than the movies that name them. */
const staleAfterMs = 14 * 86_400_000;

/** Fewer matches than these may be a typo's. */
const fewMatches = 5;
/** Nobody's name needs more pieces than this to be found. */
const mostOfName = 5;

export interface PeopleService {
  /** @param caller titles that are not for them are left out */
  find(asked: PeopleQuery, caller?: Caller | undefined): Promise<ReadyBody<Actor[], MirrorMeta>>;
}

export function createPeopleService(lists: ListReads, now: () => number): PeopleService {
  return {
    find({ query = '', limit }, caller) {
      const asked = query.trim();
      const audience = audienceOf(caller, now());
      return lists({
        key: `people/${keyOfAudience(audience)}/${limit}/${asked.length}/${shortKey(asked)}`,
        read: (pool) => readPeople(pool, { query: asked, limit, audience }),
        staleAfterMs,
        metaOf: () => ({}),
      });
    },
  };
}

/** One or two letters are no typo of anything. */
const mayBeMistyped = (piece: string[]): boolean => piece.join('').length > 2;

interface Asked {
  query: string;
  limit: number;
  audience: Audience;
}

async function readPeople(pool: Pool, { query, ...shown }: Asked): Promise<ListReading<Actor>> {
  if (query === '') return selectOne(pool, popularPeopleStatement({ limit: shown.limit, ...shown.audience }));
  const words = await readAskedWords(pool, query, mostOfName);
  const strict = matchQuery(words);
  const asked = { ...shown, exact: exactQuery(words), match: strict, strict, key: words.key };
  const found = await selectOne(pool, peopleStatement(asked));
  if (found.total >= fewMatches || !words.pieces.some(mayBeMistyped)) return found;
  const near = await readNearWords(pool, 'name_words', words);
  return selectOne(pool, peopleStatement({ ...asked, match: matchQuery(words, { near }) }));
}
