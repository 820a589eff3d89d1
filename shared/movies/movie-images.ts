import { imageSizes } from './image-urls.ts';

interface Paths {
  poster_path: string | null;
  backdrop_path: string | null;
}

/** Whole URLs of a movie's pictures; null for one that it has not. */
export function movieImages(imageBaseUrl: string, { poster_path, backdrop_path }: Paths) {
  return {
    poster: urlsOf(imageBaseUrl, imageSizes.poster, poster_path),
    backdrop: urlsOf(imageBaseUrl, imageSizes.backdrop, backdrop_path),
  };
}

function urlsOf<Size extends string>(imageBaseUrl: string, sizes: readonly Size[], path: string | null) {
  if (path === null) return null;
  const urls = sizes.map((size) => [size, `${imageBaseUrl}/${size}${path}`]);
  return Object.fromEntries(urls) as Record<Size, string>;
}
