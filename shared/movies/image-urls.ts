/** Where the pictures of an answer are. */
export interface PicturePlace {
  /** A whole URL is this, `/`, a size, and a path. */
  url: string;
  /** Told of each path that an answer names, where only such pictures are fetched. */
  note?: ((path: string) => void) | undefined;
}

/** TMDb's names of the sizes that are offered. */
export const imageSizes = {
  poster: ['w185', 'w342', 'w500', 'original'],
  backdrop: ['w300', 'w780', 'w1280', 'original'],
  profile: ['w45', 'w185', 'h632', 'original'],
} as const;

export type ImageKind = keyof typeof imageSizes;

/** The size of the one URL that stands beside a path. */
export const middlingSizes = { poster: 'w342', backdrop: 'w780', profile: 'w185' } as const satisfies {
  [Kind in ImageKind]: (typeof imageSizes)[Kind][number];
};

/** The whole URL of a picture in its middling size; null where there is none. */
export type ImageUrl = (kind: ImageKind, path: string | null) => string | null;

export const createImageUrl =
  (pictures: PicturePlace): ImageUrl =>
  (kind, path) => {
    if (path === null) return null;
    pictures.note?.(path);
    return `${imageUrlStart(pictures, kind)}${path}`;
  };

/** What stands before the path. */
export const imageUrlStart = ({ url }: PicturePlace, kind: ImageKind): string =>
  `${url}/${middlingSizes[kind]}`;
