import type { MirroredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import type { WireVideo } from './schemas.ts';

const sites = new Set(['YouTube', 'Vimeo']);

/** Trailers that can be played somewhere, official ones first, otherwise in TMDb's order. */
export function mapTrailers(videos: readonly WireVideo[]): MirroredMovie['trailers'] {
  const seen = new Set<string>();
  const trailers = videos.filter((video) => {
    const place = `${video.site}/${video.key}`;
    return video.type === 'Trailer' && sites.has(video.site) && !seen.has(place) && seen.add(place);
  });
  return [...trailers.filter((v) => v.official === true), ...trailers.filter((v) => v.official !== true)].map(
    ({ site, key, name }) => ({ site, key, name: name ?? '' }),
  );
}
