/** What users liked and watched, one user after the other, each in the order of time. */
export interface Interactions {
  /** Where each user begins in the two below, and where the last one ends. */
  userStarts: Int32Array;
  movieIds: Int32Array;
  /** A like counts one, having only watched it half. */
  values: Float32Array;
}

/** A sparse matrix by rows: row r has `columns` and `values` from `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  starts: Int32Array;
  columns: Int32Array | Uint16Array;
  values: Float32Array;
}

/** By movie: its users, and where in `byUser` each of these interactions stands. */
interface MovieRows extends SparseRows {
  places: Int32Array;
}

export interface InteractionMatrix {
  /** Of the movies, most interactions first. */
  movieIds: Int32Array;
  /** By movie: how many users, and the sum of their values. */
  users: Int32Array;
  weights: Float64Array;
  byUser: SparseRows;
  byMovie: MovieRows;
}

interface MatrixLimits {
  maxMovies: number;
  /** Movies of fewer users are left out. */
  minUsers: number;
}

/** The users' interactions as a matrix over movies, those with most interactions first; ties by id. */
export function interactionMatrix(interactions: Interactions, limits: MatrixLimits): InteractionMatrix {
  const { movieIds, users, weights } = chooseMovies(interactions, limits);
  const indexOf = new Map(Array.from(movieIds, (id, index) => [id, index]));
  const byUser = rowsByUser(interactions, indexOf);
  return { movieIds, users, weights, byUser, byMovie: transposed(byUser, movieIds.length) };
}

function chooseMovies({ movieIds, values }: Interactions, { maxMovies, minUsers }: MatrixLimits) {
  const totals = new Map<number, { users: number; weight: number }>();
  for (let n = 0; n < movieIds.length; n++) {
    const id = movieIds[n] ?? 0;
    const total = totals.get(id);
    if (total === undefined) totals.set(id, { users: 1, weight: values[n] ?? 0 });
    else {
      total.users++;
      total.weight += values[n] ?? 0;
    }
  }
  const chosen = [...totals]
    .filter(([, { users }]) => users >= minUsers)
    .sort(([a, { weight: x }], [b, { weight: y }]) => y - x || a - b)
    .slice(0, maxMovies);
  return {
    movieIds: Int32Array.from(chosen, ([id]) => id),
    users: Int32Array.from(chosen, ([, { users }]) => users),
    weights: Float64Array.from(chosen, ([, { weight }]) => weight),
  };
}

function rowsByUser(
  { userStarts, movieIds, values }: Interactions,
  indexOf: Map<number, number>,
): SparseRows {
  const starts = new Int32Array(userStarts.length);
  // Twenty million of them: half the memory.
  const Columns = indexOf.size <= 2 ** 16 ? Uint16Array : Int32Array;
  const columns = new Columns(movieIds.length);
  const kept = new Float32Array(movieIds.length);
  let length = 0;
  for (let user = 0; user + 1 < userStarts.length; user++) {
    for (let n = userStarts[user] ?? 0; n < (userStarts[user + 1] ?? 0); n++) {
      const index = indexOf.get(movieIds[n] ?? 0);
      if (index === undefined) continue;
      columns[length] = index;
      kept[length++] = values[n] ?? 0;
    }
    starts[user + 1] = length;
  }
  return { starts, columns: columns.subarray(0, length), values: kept.subarray(0, length) };
}

function transposed({ starts, columns, values }: SparseRows, rows: number): MovieRows {
  const into: MovieRows = {
    places: new Int32Array(columns.length),
    starts: new Int32Array(rows + 1),
    columns: new Int32Array(columns.length),
    values: new Float32Array(values.length),
  };
  for (let n = 0; n < columns.length; n++) {
    const row = (columns[n] as number) + 1;
    into.starts[row] = (into.starts[row] as number) + 1;
  }
  for (let row = 0; row < rows; row++)
    into.starts[row + 1] = (into.starts[row + 1] ?? 0) + (into.starts[row] ?? 0);
  const next = into.starts.slice();
  for (let row = 0; row + 1 < starts.length; row++)
    for (let n = starts[row] ?? 0; n < (starts[row + 1] ?? 0); n++) {
      const at = next[columns[n] ?? 0] ?? 0;
      next[columns[n] ?? 0] = at + 1;
      into.columns[at] = row;
      into.places[at] = n;
      into.values[at] = values[n] ?? 0;
    }
  return into;
}
