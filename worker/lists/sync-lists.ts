import { codeOf, type ErrorCode } from '#shared/errors.ts';
import { movieLists } from '#shared/lists/list-entry.ts';
import { peopleLists } from '#shared/reference/reference-document.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import { saveDocument } from '#worker/reference/save-document.ts';
import { type Handler, type JobContext, noCounts } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { parseMovie } from '#worker/tmdb/wire/parse-answer.ts';
import { readRegions } from './read-regions.ts';
import { replaceList } from './replace-list.ts';
import { syncPeopleList } from './sync-people-list.ts';

/** What is wrong with one list alone, beside what is about any one call: the others are still read. */
const ofOneList: readonly ErrorCode[] = [
  'list_too_short',
  'list_incomplete',
  'list_of_other_region',
  'upstream_not_found',
];

/**
 * Takes over TMDb's lists of each region, its lists of people, and its newest movie. A list that is wrong stays as it
 * was; then the run ends as failed.
 */
export const syncLists: Handler<'lists'> = async ({ force }, context) => {
  // Each run starts from the beginning, so a continued run counts from zero again.
  Object.assign(context.counts, noCounts());
  context.losses.clear();
  await ensureGenres(context);
  const failures: unknown[] = [];
  const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      if (!ofOneList.includes(codeOf(error)) && !isAboutOneCall(error)) throw error;
      failures.push(error);
      return undefined;
    }
  };
  const all = [...movieLists, ...peopleLists];
  for (const [index, list] of movieLists.entries()) {
    for (const read of await readRegions(list, context, attempt))
      await attempt(() => replaceList(read, context, force));
    context.progress((index + 1) / all.length);
  }
  for (const [index, list] of peopleLists.entries()) {
    await attempt(() => syncPeopleList(list, context, force));
    context.progress((movieLists.length + index + 1) / all.length);
  }
  await attempt(() => syncLatestMovie(context));
  if (failures.length > 0) throw failures[0];
};

/** A movie that nobody has seen yet, and that TMDb may delete at once: kept for answers, not mirrored. */
async function syncLatestMovie({ em, tmdb, signal, now }: JobContext): Promise<void> {
  const answer = await tmdb.document('movie/latest', { signal });
  parseMovie(answer, Number((answer as { id?: unknown } | null)?.id));
  await saveDocument(em.getKysely(), 'movie/latest', answer, now());
}
