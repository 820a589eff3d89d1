import { prepared, sql } from '#shared/db/sql.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorLanguageMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { type JsonText, jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { GenreNames } from '../localization/genre-names.ts';
import type { Localization } from '../localization/localize-items.ts';
import { selectOne } from '../store/select-one.ts';
import type { Genre } from './model.ts';

/** TMDb's list is read once a day; two days are one that was missed. */
const staleAfterMs = 48 * 3_600_000;

const genresStatement = prepared<void, ListReading<Genre>>(
  'api-genres',
  () => sql`
    select
      (select trunc(extract(epoch from fetched_at) * 1000)::float8 from list_snapshots where name = 'genres')
        as fetched_at_ms,
      (select count(*)::int from genres where listed) as total,
      array_to_json(array(
        select row_to_json(g) from (select id, name from genres where listed order by name, id) g
      ))::text as data`,
);

export interface GenreService {
  all(locale: Pick<Locale, 'language'>): Promise<ReadyBody<Genre[], MirrorLanguageMeta>>;
}

interface GenreDeps {
  lists: ListReads;
  localization: Pick<Localization, 'genreNames'>;
}

export function createGenreService({ lists, localization }: GenreDeps): GenreService {
  return {
    all: ({ language }) =>
      lists({
        key: `genres/${language}`,
        language,
        read: async (pool) => {
          const reading = await selectOne(pool, genresStatement());
          const names = await localization.genreNames(language);
          return names.size === 0
            ? { ...reading, odd: !language.startsWith('en-') }
            : { ...reading, data: inWords(reading.data, names) };
        },
        staleAfterMs,
        metaOf: () => ({ language: { asked: language } }),
      }),
  };
}

/** By their names in the language, as its speakers sort them. */
function inWords(data: JsonText<Genre[]>, names: GenreNames): JsonText<Genre[]> {
  const genres = (JSON.parse(data) as Genre[]).map(({ id, name }) => ({ id, name: names.get(id) ?? name }));
  return jsonText(JSON.stringify(genres.sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id)));
}
