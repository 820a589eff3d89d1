import type { Pool } from 'pg';
import { createImageUrl } from '#shared/movies/image-urls.ts';
import { readSearch } from '../browse/read-search.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { jsonText } from '../http/contract/answer.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '../movies/audience.ts';
import type { MovieListItem } from '../movies/model.ts';
import { localizePeople } from '../people/localize-people.ts';
import { lookUpPeople } from '../people/look-up-people.ts';
import type { StoredActor } from '../people/model.ts';
import { peopleStatement } from '../people/people-statements.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import type { QuickSearch, QuickSearchMeta } from './model.ts';
import { selectCollections } from './select-collections.ts';

/** Of each kind. */
const shownOfEach = 5;
/** As for browsing: what is shown may be of any age. */
const staleAfterMs = 7 * 86_400_000;

export interface QuickSearchService {
  find(
    query: string,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<QuickSearch, QuickSearchMeta>>;
}

interface QuickSearchDeps {
  lists: ListReads;
  localization: Localization;
  now: () => number;
}

/** A few movies, people and collections for what is being typed, by the searches that each of them has. */
export function createQuickSearchService({ lists, localization, now }: QuickSearchDeps): QuickSearchService {
  return {
    async find(query, caller, locale) {
      const asked = query.trim();
      const audience = audienceOf(caller, now());
      const body = await lists({
        key: `search/${keyOfAudience(audience)}/${keyOfLocale(locale)}/${asked.length}/${shortKey(asked)}`,
        language: locale.language,
        read: (pool) => readAll(pool, { query: asked, audience, locale, localization }),
        staleAfterMs,
        metaOf: () => ({ language: { asked: locale.language } }),
      });
      // Three lists in one object, kept and sent as a list is.
      return body as unknown as ReadyBody<QuickSearch, QuickSearchMeta>;
    },
  };
}

interface Asked {
  query: string;
  audience: Audience;
  locale: Locale;
  localization: Localization;
}

async function readAll(pool: Pool, asked: Asked): Promise<ListReading<never>> {
  const { query, audience, locale, localization } = asked;
  const { language } = locale;
  const limit = shownOfEach;
  const imageUrl = createImageUrl(locale.pictures);
  const [movies, people, collections] = await Promise.all([
    readSearch(pool, { audience, hidesOld: true }, { ...order, language }, query),
    query === ''
      ? undefined
      : lookUpPeople(pool, query, (names) => selectOne(pool, peopleStatement({ ...names, limit, audience }))),
    selectCollections(pool, { query, limit, audience, language, imageUrl }),
  ]);
  const stored = people === undefined ? [] : (JSON.parse(people.data) as StoredActor[]);
  const [items, named] = await Promise.all([
    localization.reading<MovieListItem>(movies, locale),
    localizePeople(stored, locale, localization),
  ]);
  const found: QuickSearch = {
    movies: JSON.parse(items.data),
    people: named.people,
    collections,
  };
  return { ...items, data: jsonText<never[]>(JSON.stringify(found)) };
}

const order = {
  sort: 'relevance',
  order: 'desc',
  position: { before: 0, after: undefined },
  limit: shownOfEach,
} as const;
