/** How many neighbors and how many transitions a movie keeps: both lists (12 bytes each) fit into its row of one page. */
export const maxNeighbours = 300;

/** One movie's neighbours, best first, as three columns. */
export interface NeighbourList {
  /** Our own ids, as in `movies.id`: what is read with a history, too. */
  movieIds: Int32Array;
  /** What liking the one says for the other. */
  scores: Float32Array;
  /** What liking a movie says for the other on average where the two are no neighbours; mostly a little below zero. */
  baselines: Float32Array;
}

/** Of one neighbor in a packed list. */
export const recordBytes = 12;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The score with what is known of it in its last bit, which is less than rounding: whether so many people went on from
 * the one movie to the other that it may be told.
 */
export function markScore(score: number, isOften: boolean): number {
  float[0] = score;
  const last = bits[0] as number;
  bits[0] = isOften ? last | 1 : last & ~1;
  return float[0];
}

export function isOften(score: number): boolean {
  float[0] = score;
  return ((bits[0] as number) & 1) === 1;
}

/** Little-endian records of id (int32), score and baseline (float32). */
export function packNeighbours({ movieIds, scores, baselines }: NeighbourList): Buffer {
  const packed = Buffer.allocUnsafe(movieIds.length * recordBytes);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let n = 0; n < movieIds.length; n++) {
    view.setInt32(n * recordBytes, movieIds[n] ?? 0, true);
    view.setFloat32(n * recordBytes + 4, scores[n] ?? 0, true);
    view.setFloat32(n * recordBytes + 8, baselines[n] ?? 0, true);
  }
  return packed;
}

export function unpackNeighbours(packed: Uint8Array): NeighbourList {
  const length = Math.floor(packed.byteLength / recordBytes);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const list: NeighbourList = {
    movieIds: new Int32Array(length),
    scores: new Float32Array(length),
    baselines: new Float32Array(length),
  };
  for (let n = 0; n < length; n++) {
    list.movieIds[n] = view.getInt32(n * recordBytes, true);
    list.scores[n] = view.getFloat32(n * recordBytes + 4, true);
    list.baselines[n] = view.getFloat32(n * recordBytes + 8, true);
  }
  return list;
}
