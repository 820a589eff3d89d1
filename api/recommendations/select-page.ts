import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import { type JsonText, jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { Localization, Unlocalized } from '../localization/localize-items.ts';
import type { MovieListItem } from '../movies/model.ts';
import { localizeReason, moviesIn } from '../reasons/localize-reason.ts';
import { sentencesOf } from '../reasons/sentences-of.ts';
import { wordReason } from '../reasons/word-reason.ts';
import { queryStore } from '../store/query-store.ts';
import type { Recommendation } from './model.ts';
import type { Ranked } from './rank.ts';

const pageStatement = prepared<{ tmdbIds: number[] }, { item: Unlocalized<MovieListItem> }>(
  'api-recommendation-page',
  ({ tmdbIds }) => sql`
    select (select row_to_json(i) from (select ${listItemColumns}) i) as item
    from movies m where m.tmdb_id = any(${unknownList(tmdbIds, 'int')})`,
);

/** One page of a list as JSON, in the words of the locale. */
export async function selectPage(
  { pool, localization }: { pool: Pool; localization: Localization },
  shown: readonly Ranked[],
  { explain, locale }: { explain: boolean; locale: Locale },
): Promise<JsonText<Recommendation[]>> {
  if (shown.length === 0) return jsonText('[]');
  const tmdbIds = shown.map(({ tmdbId }) => tmdbId);
  const ranked = shown.map(({ reasons, ...rest }) => ({ ...rest, reasons: reasons() }));
  const named = ranked.flatMap(({ reasons }) => reasons.flatMap(moviesIn));
  const [rows, names] = await Promise.all([
    queryStore(pool, pageStatement({ tmdbIds })),
    localization.names(locale, tmdbIds, named),
  ]);
  const items = new Map(rows.map(({ item }) => [item.tmdb_id, item]));
  const sentences = sentencesOf(locale.language);
  const page = ranked.flatMap(({ tmdbId, score, reasons, parts }): Recommendation[] => {
    const item = items.get(tmdbId);
    if (item === undefined) return [];
    const worded = reasons.map((reason) => wordReason(localizeReason(reason, names), sentences));
    const movie = localization.item(item, names);
    return [{ movie, score, reasons: worded, ...(explain ? { parts } : {}) }];
  });
  return jsonText(JSON.stringify(page));
}
