import type { Pool } from 'pg';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorLanguageMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { jsonText } from '../http/contract/answer.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '../movies/audience.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import { localizePeople } from './localize-people.ts';
import { lookUpPeople } from './look-up-people.ts';
import type { Actor, PeopleQuery, StoredActor } from './model.ts';
import { peopleStatement, popularPeopleStatement } from './people-statements.ts';

/** What is known of a person is up to a week older than the movies that name them. */
const staleAfterMs = 14 * 86_400_000;

export interface PeopleService {
  /** @param caller titles that are not for them are left out */
  find(
    asked: PeopleQuery,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<Actor[], MirrorLanguageMeta>>;
}

interface PeopleDeps {
  lists: ListReads;
  localization: Localization;
  now: () => number;
}

export function createPeopleService({ lists, localization, now }: PeopleDeps): PeopleService {
  return {
    find({ query = '', limit }, caller, locale) {
      const asked = query.trim();
      const audience = audienceOf(caller, now());
      const { language } = locale;
      return lists({
        key: `people/${keyOfAudience(audience)}/${keyOfLocale(locale)}/${limit}/${asked.length}/${shortKey(asked)}`,
        language,
        async read(pool) {
          const reading = await readPeople(pool, { query: asked, limit, audience });
          const stored = JSON.parse(reading.data) as StoredActor[];
          const { people, odd } = await localizePeople(stored, locale, localization);
          return { ...reading, data: jsonText<Actor[]>(JSON.stringify(people)), odd };
        },
        staleAfterMs,
        metaOf: () => ({ language: { asked: language } }),
      });
    },
  };
}

interface Asked {
  query: string;
  limit: number;
  audience: Audience;
}

async function readPeople(pool: Pool, { query, ...shown }: Asked): Promise<ListReading<StoredActor>> {
  if (query === '') return selectOne(pool, popularPeopleStatement({ limit: shown.limit, ...shown.audience }));
  return lookUpPeople(pool, query, (asked) => selectOne(pool, peopleStatement({ ...asked, ...shown })));
}
