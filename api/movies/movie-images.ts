interface Paths {
  poster_path: string | null;
  backdrop_path: string | null;
}

/** TMDb's names of the sizes that are offered. */
export const posterSizes = ['w185', 'w342', 'w500', 'original'] as const;
export const backdropSizes = ['w300', 'w780', 'w1280', 'original'] as const;

/** Whole URLs of a movie's pictures; null for one that it has not. */
export function movieImages(imageBaseUrl: string, { poster_path, backdrop_path }: Paths) {
  return {
    poster: urlsOf(imageBaseUrl, posterSizes, poster_path),
    backdrop: urlsOf(imageBaseUrl, backdropSizes, backdrop_path),
  };
}

function urlsOf<Size extends string>(imageBaseUrl: string, sizes: readonly Size[], path: string | null) {
  if (path === null) return null;
  const urls = sizes.map((size) => [size, `${imageBaseUrl}/${size}${path}`]);
  return Object.fromEntries(urls) as Record<Size, string>;
}
