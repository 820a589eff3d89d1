import type { ExportedId, MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { mapCertification } from './map-certification.ts';
import { mapCredits } from './map-credits.ts';
import { firstById, mapCommonFields, mapListedMovies } from './map-listed-movie.ts';
import { mapTrailers } from './map-trailers.ts';
import { knownAmount, knownMinutes } from './map-values.ts';
import type { WireExportedId, WireMovie } from './schemas.ts';

/** TMDb's details in our terms: what TMDb left empty is `null` or `[]`, never invented. */
export function mapMovie(wire: WireMovie): MirroredMovie {
  const related = (rows: WireMovie['similar']['results']) =>
    mapListedMovies(rows.filter((row) => row.id !== wire.id));
  return {
    ...mapCommonFields(wire),
    tagline: wire.tagline,
    runtime: knownMinutes(wire.runtime),
    status: wire.status,
    original_language: wire.original_language,
    imdb_id: wire.imdb_id ?? wire.external_ids.imdb_id,
    homepage: wire.homepage,
    budget: knownAmount(wire.budget),
    revenue: knownAmount(wire.revenue),
    certification: mapCertification(wire.release_dates.results),
    collection: wire.belongs_to_collection ?? null,
    trailers: mapTrailers(wire.videos.results),
    genres: firstById(wire.genres),
    keywords: firstById(wire.keywords.keywords),
    ...mapCredits(wire.credits),
    recommendations: related(wire.recommendations.results),
    similar: related(wire.similar.results),
  };
}

export function mapExportedId(wire: WireExportedId): ExportedId {
  return {
    tmdb_id: wire.id,
    original_title: wire.original_title ?? '',
    popularity: wire.popularity,
    adult: wire.adult,
  };
}
