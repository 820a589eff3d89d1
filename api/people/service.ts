import type { Pool } from 'pg';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import { lookUpPeople } from './look-up-people.ts';
import type { Actor, PeopleQuery } from './model.ts';
import { peopleStatement, popularPeopleStatement } from './people-statements.ts';

/** What is known of a person is up to a week older than the movies that name them. */
const staleAfterMs = 14 * 86_400_000;

export interface PeopleService {
  find(asked: PeopleQuery): Promise<ReadyBody<Actor[], MirrorMeta>>;
}

export function createPeopleService(lists: ListReads): PeopleService {
  return {
    find({ query = '', limit }) {
      const asked = query.trim();
      return lists({
        key: `people/${limit}/${asked.length}/${shortKey(asked)}`,
        read: (pool) => readPeople(pool, asked, limit),
        staleAfterMs,
        metaOf: () => ({}),
      });
    },
  };
}

async function readPeople(pool: Pool, query: string, limit: number): Promise<ListReading<Actor>> {
  if (query === '') return selectOne(pool, popularPeopleStatement({ limit }));
  return lookUpPeople(pool, query, (asked) => selectOne(pool, peopleStatement({ ...asked, limit })));
}
