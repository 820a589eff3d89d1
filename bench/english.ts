import { picturesAt } from '#api/http/input/picture-base.ts';
import { createLocalization, type Localization } from '#api/localization/localize-items.ts';
import type { Database } from '#shared/orm/database.ts';

/** What benches ask in. */
export const english = {
  language: 'en-US',
  region: 'US',
  datesOf: undefined,
  pictures: picturesAt('https://image.tmdb.org/t/p'),
};
/** The same for the statements of one movie. */
export const englishTexts = { code: 'en', own: 'en-US', region: 'US' };

/** Nothing is kept: no notice would tell what to drop. */
export const deafLocalization = ({ pool }: Pick<Database, 'pool'>): Localization =>
  createLocalization({ pool, hub: { connected: false, subscribe: () => {} } });
