import { codeOf, type ErrorCode } from '#shared/errors.ts';
import { genreLanguagesOf } from '#shared/languages/kept-languages.ts';
import { referenceNames } from '#shared/reference/reference-document.ts';
import { ensureGenres } from '#worker/genres/sync-genres.ts';
import { type Handler, noCounts } from '#worker/runner/handler.ts';
import { isAboutOneCall } from '#worker/runner/retry.ts';
import { syncDocument } from './sync-document.ts';
import { syncGenreNames } from './sync-genre-names.ts';

/** What is wrong with one answer alone, beside what is about any one call. */
const ofOneAnswer: readonly ErrorCode[] = ['list_too_short', 'upstream_not_found'];

/** Takes over what seldom changes. What TMDb answers wrongly stays as it was; then the run ends as failed. */
export const syncReference: Handler<'reference'> = async ({ force }, context) => {
  Object.assign(context.counts, noCounts());
  await ensureGenres(context);
  const steps = [
    ...referenceNames.map((name) => () => syncDocument(name, context, force)),
    ...genreLanguagesOf(context.mirror.languages).map((language) => () => syncGenreNames(language, context)),
  ];
  const failures: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      await step();
    } catch (error) {
      if (!ofOneAnswer.includes(codeOf(error)) && !isAboutOneCall(error)) throw error;
      failures.push(error);
    }
    context.progress((index + 1) / steps.length);
  }
  if (failures.length > 0) throw failures[0];
};
