import { mapCertification } from './map-certification.ts';
import { mapCredits } from './map-credits.ts';
import { firstById, mapCommonFields, mapListedMovies } from './map-listed-movie.ts';
import { mapPosters } from './map-posters.ts';
import { mapReleases } from './map-releases.ts';
import { mapTerms } from './map-terms.ts';
import { mapTitles, mapTranslations } from './map-translations.ts';
import { isVideoKey, known } from './map-values.ts';
import type { ExportedId, MirroredMovie } from './mirrored-movie.ts';
import type { WireExportedId, WireMovie, WireVideo } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

/**
 * TMDb's details in our terms: what TMDb left empty is `null` or `[]`, never invented.
 * @param answer as it was sent
 */
export function mapMovie(wire: WireMovie, answer: Record<string, unknown>): MirroredMovie {
  const related = (rows: WireMovie['similar']['results']) =>
    mapListedMovies(rows.filter((row) => row?.id !== wire.id));
  const releases = mapReleases(wire.release_dates.results);
  return {
    ...mapCommonFields(wire),
    tagline: wire.tagline,
    runtime: known(wire.runtime),
    status: wire.status,
    imdb_id: wire.imdb_id ?? wire.external_ids.imdb_id,
    homepage: wire.homepage,
    budget: known(wire.budget),
    revenue: known(wire.revenue),
    certification: mapCertification(wire.release_dates.results),
    collection: wire.belongs_to_collection ?? null,
    trailers: mapTrailers(wire.videos.results),
    genres: firstById(wire.genres),
    keywords: firstById(wire.keywords.keywords),
    ...mapCredits(wire.credits),
    recommendations: related(wire.recommendations.results),
    similar: related(wire.similar.results),
    translations: mapTranslations(wire.translations.translations),
    alternative_titles: mapTitles(wire.alternative_titles.titles),
    releases,
    posters: mapPosters(answer.images),
    ...mapTerms(answer, releases),
  };
}

const sites = new Set(['YouTube', 'Vimeo']);

/** Trailers that can be played somewhere, official ones first, otherwise in TMDb's order. */
function mapTrailers(videos: readonly Placed<WireVideo>[]): MirroredMovie['trailers'] {
  const seen = new Set<string>();
  const trailers = videos.filter(isPresent).filter((video) => {
    const place = `${video.site}/${video.key}`;
    const isPlayable = sites.has(video.site) && isVideoKey(video.key);
    return video.type === 'Trailer' && isPlayable && !seen.has(place) && seen.add(place);
  });
  return [...trailers.filter((v) => v.official === true), ...trailers.filter((v) => v.official !== true)].map(
    ({ site, key, name }) => ({ site, key, name: name ?? '' }),
  );
}

export function mapExportedId(wire: WireExportedId): ExportedId {
  return {
    tmdb_id: wire.id,
    original_title: wire.original_title ?? '',
    popularity: wire.popularity,
    adult: wire.adult,
  };
}
