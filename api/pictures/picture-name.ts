/** A picture as `GET /t/p/{size}/{path}` names it. */
export interface PictureName {
  size: string;
  /** As TMDb gives it, with the slash before it. */
  path: string;
}

/** The sizes that TMDb's configuration offers, of all kinds of pictures. */
const sizes: ReadonlySet<string> = new Set([
  'w45',
  'w92',
  'w154',
  'w185',
  'w300',
  'w342',
  'w500',
  'w780',
  'w1280',
  'h632',
  'original',
]);

/** Nothing of it can lead anywhere else: no slash, no second dot, nothing encoded. */
const fileName = /^[\w-]{1,100}\.(?:jpg|png|svg|webp)$/;

/** `undefined` for what no picture can be called. */
export function pictureNameOf(size: string, name: string): PictureName | undefined {
  return sizes.has(size) && fileName.test(name) ? { size, path: `/${name}` } : undefined;
}
