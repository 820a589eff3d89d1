import type { Pool } from 'pg';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '../movies/audience.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import { lookUpPeople } from './look-up-people.ts';
import type { Actor, PeopleQuery } from './model.ts';
import { peopleStatement, popularPeopleStatement } from './people-statements.ts';

/** What is known of a person is up to a week older than the movies that name them. */
const staleAfterMs = 14 * 86_400_000;

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

interface Asked {
  query: string;
  limit: number;
  audience: Audience;
}

async function readPeople(pool: Pool, { query, ...shown }: Asked): Promise<ListReading<Actor>> {
  if (query === '') return selectOne(pool, popularPeopleStatement({ limit: shown.limit, ...shown.audience }));
  return lookUpPeople(pool, query, (asked) => selectOne(pool, peopleStatement({ ...asked, ...shown })));
}
