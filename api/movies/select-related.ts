import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import type { InLanguage } from '../http/answers/model.ts';
import { jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import { isOdd, type Localization, type LocalNames } from '../localization/localize-items.ts';
import { localizeReason } from '../reasons/localize-reason.ts';
import { sentencesOf } from '../reasons/sentences-of.ts';
import { wordReason } from '../reasons/word-reason.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { Audience } from './audience.ts';
import type { RelatedMovie } from './model.ts';
import type { MovieRow } from './movie-row.ts';
import { type FoundRelation, relatedStatement, relationTypes } from './related-statement.ts';

/** With fewer users, neighbors are not shown: they would reveal what one person likes. */
const fewestUsers = 5;
/** How many of a movie's neighbours may be among its relations. */
const mostNeighbours = 60;

export interface AskedRelated {
  tmdbId: number;
  limit: number;
  audience: Audience;
  locale: Locale;
}

const neighboursStatement = prepared<{ tmdbId: number }, { neighbours: Buffer }>(
  'api-movie-neighbours',
  ({ tmdbId }) => sql`
    select n.neighbours from movies m join movie_neighbours n on n.movie_id = m.id
    where m.tmdb_id = ${tmdbId}::int and n.users >= ${fewestUsers}`,
);

/** The movies related to one, as `relatedStatement` blends them. */
export async function selectRelated(
  { pool, localization }: { pool: Pool; localization: Localization },
  { tmdbId, limit, audience, locale }: AskedRelated,
): Promise<MovieRow<RelatedMovie[], InLanguage['language']>> {
  const [row] = await queryStore(pool, neighboursStatement({ tmdbId }));
  const list = row && unpackNeighbours(row.neighbours);
  const neighbourIds = [...(list?.movieIds.subarray(0, mostNeighbours) ?? [])];
  const neighbourScores = [...(list?.scores.subarray(0, mostNeighbours) ?? [])];
  const statement = relatedStatement({ tmdbId, limit, ...audience, neighbourIds, neighbourScores });
  const { related, ...reading } = await selectOne(pool, statement);
  const language = { asked: locale.language };
  if (related === null) return { ...reading, data: null, language, odd: false };
  const items = related.map(({ movie }) => movie.tmdb_id);
  const names = await localization.names(locale, items, [tmdbId]);
  const shown = related.map((relation) => present(relation, { localization, names, locale }));
  return { ...reading, data: jsonText(JSON.stringify(shown)), language, odd: isOdd(names, locale) };
}

interface Local {
  localization: Localization;
  names: LocalNames;
  locale: Locale;
}

function present(
  { movie, score, reasons }: FoundRelation,
  { localization, names, locale }: Local,
): RelatedMovie {
  return {
    movie: localization.item(movie, names),
    score,
    reasons: reasons.map((reason) =>
      wordReason(
        localizeReason({ ...reason, type: relationTypes[reason.code] }, names),
        sentencesOf(locale.language),
      ),
    ),
  };
}
