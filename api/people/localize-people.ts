import type { Locale } from '../http/input/asked-locale.ts';
import { isOdd, type Localization } from '../localization/localize-items.ts';
import type { Actor, StoredActor } from './model.ts';

/** People with what they are known for in the words of a locale, and the URLs of their portraits. `odd`: see `isOdd`. */
export async function localizePeople(
  people: readonly StoredActor[],
  locale: Locale,
  localization: Localization,
): Promise<{ people: Actor[]; odd: boolean }> {
  const movies = people.flatMap((person) => person.known_for.map((movie) => movie.tmdb_id));
  const names = await localization.names(locale, [...new Set(movies)]);
  return {
    people: people.map(({ id, name, profile_path, known_for_department, known_for }) => ({
      id,
      name,
      profile_path,
      profile_url: names.imageUrl('profile', profile_path),
      known_for_department,
      known_for: known_for.map(({ tmdb_id, title }) => ({
        tmdb_id,
        title: names.texts.get(tmdb_id)?.title.value ?? title,
      })),
    })),
    odd: isOdd(names, locale),
  };
}
