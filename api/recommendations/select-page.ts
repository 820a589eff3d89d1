import { type JsonText, jsonText } from '../http/contract/answer.ts';
import type { Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { MovieListItem } from '../movies/model.ts';
import { localizeReason, moviesIn } from '../reasons/localize-reason.ts';
import { sentencesOf } from '../reasons/sentences-of.ts';
import { wordReason } from '../reasons/word-reason.ts';
import type { Recommendation } from './model.ts';
import type { Ranked } from './rank.ts';

/** One page of a list as JSON, in the words of the locale. */
export async function selectPage(
  localization: Localization,
  shown: readonly Ranked[],
  { explain, locale }: { explain: boolean; locale: Locale },
): Promise<JsonText<Recommendation[]>> {
  if (shown.length === 0) return jsonText('[]');
  const tmdbIds = shown.map(({ tmdbId }) => tmdbId);
  const ranked = shown.map(({ reasons, ...rest }) => ({ ...rest, reasons: reasons() }));
  const named = ranked.flatMap(({ reasons }) => reasons.flatMap(moviesIn));
  const { items, names } = await localization.listItems<MovieListItem>(locale, tmdbIds, named);
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
