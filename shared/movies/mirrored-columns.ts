/**
 * What a movie consists of: which of it is TMDb's, and which is ours. The statements that write, empty and show
 * movies are made from this table. Tests compare it with the database's catalogue.
 */

/** What a column's type is in a statement, and what its values are here. */
interface Values {
  text: string;
  /** `YYYY-MM-DD` */
  date: string;
  int: number;
  bigint: number;
  float8: number;
  boolean: boolean;
  jsonb: unknown;
}

interface MirroredField {
  /** The type of the column of `movies` that holds it. Without one, other tables hold it. */
  column?: keyof Values;
  /** What the column says when nothing is known, where that is not null. */
  empty?: "''";
  /** TMDb's lists say it too. The rest is known from the details alone. */
  listed?: true;
  /** Where the api shows it: in every list item and in the details, or only in the details. */
  shown?: 'item' | 'detail';
  /** The keys that an object has in JSON, or each row of a list. */
  keys?: readonly string[];
}

/** All that TMDb says of a movie. The order is the order of the keys in JSON. */
export const mirrored = {
  title: { column: 'text', empty: "''", listed: true, shown: 'item' },
  /** The whole title where `title` cannot hold it. Shown as the title. */
  long_title: { column: 'text', listed: true },
  original_title: { column: 'text', listed: true, shown: 'item' },
  overview: { column: 'text', listed: true, shown: 'item' },
  release_date: { column: 'date', listed: true, shown: 'item' },
  poster_path: { column: 'text', listed: true, shown: 'item' },
  backdrop_path: { column: 'text', listed: true, shown: 'item' },
  genres: { shown: 'item', keys: ['id', 'name'] },
  popularity: { column: 'float8', listed: true, shown: 'item' },
  vote_average: { column: 'float8', listed: true, shown: 'item' },
  vote_count: { column: 'int', listed: true, shown: 'item' },
  adult: { column: 'boolean', listed: true, shown: 'item' },
  tagline: { column: 'text', shown: 'detail' },
  runtime: { column: 'int', shown: 'detail' },
  status: { column: 'text', shown: 'detail' },
  original_language: { column: 'text', listed: true, shown: 'detail' },
  imdb_id: { column: 'text', shown: 'detail' },
  homepage: { column: 'text', shown: 'detail' },
  certification: { column: 'text', shown: 'detail' },
  collection_id: { column: 'int' },
  collection: { shown: 'detail', keys: ['id', 'name'] },
  directors: { shown: 'detail', keys: ['id', 'name'] },
  cast: { shown: 'detail', keys: ['id', 'name', 'character', 'order', 'profile_path'] },
  crew: { shown: 'detail', keys: ['id', 'name', 'department', 'job', 'profile_path'] },
  keywords: { shown: 'detail', keys: ['id', 'name'] },
  trailers: { column: 'jsonb', shown: 'detail', keys: ['site', 'key', 'name'] },
  budget: { column: 'bigint', shown: 'detail' },
  revenue: { column: 'bigint', shown: 'detail' },
} as const satisfies Record<string, MirroredField>;

/**
 * The columns of `movies` that are ours. `content` columns are about the content and are emptied with it;
 * `upstream` ones are about what an upstream answered, and are emptied when another upstream takes its place. PostgreSQL
 * makes the `made` ones of the content.
 */
export const ownColumns = {
  id: 'stays',
  tmdb_id: 'stays',
  state: 'stays',
  scope: 'stays',
  /** PostgreSQL makes it of the title. */
  title_key: 'made',
  content_hash: 'content',
  genre_bits: 'content',
  country_bits: 'content',
  parts_hash: 'content',
  parts_version: 'content',
  answer: 'content',
  answer_made_of: 'content',
  fetched_at: 'content',
  refresh_due_at: 'content',
  attempted_at: 'upstream',
  changed_at: 'upstream',
  change_seen_at: 'upstream',
  gone_at: 'upstream',
  created_at: 'stays',
  updated_at: 'stays',
} as const satisfies Record<string, 'stays' | 'content' | 'upstream' | 'made'>;

/**
 * The tables whose rows belong to a movie. Those of `content` hold what TMDb says of it, and are emptied with it.
 * Triggers keep `movie_titles` and `movie_other_titles`. `trending_entries` and `list_entries` belong to a list,
 * `person_credits` to a person, the others to users.
 */
export const movieTables = {
  movie_genres: 'content',
  movie_keywords: 'content',
  credits: 'content',
  movie_relations: 'content',
  movie_documents: 'content',
  movie_parts: 'content',
  movie_translations: 'content',
  movie_alternative_titles: 'content',
  movie_releases: 'content',
  movie_posters: 'content',
  content_neighbours: 'content',
  movie_terms: 'content',
  movie_titles: 'trigger',
  movie_other_titles: 'trigger',
  trending_entries: 'list',
  list_entries: 'list',
  person_credits: 'person',
  movie_neighbours: 'users',
  user_movie_interactions: 'users',
  user_movie_preferences: 'users',
  user_movie_ratings: 'users',
} as const satisfies Record<string, 'content' | 'trigger' | 'list' | 'person' | 'users'>;

type Table = typeof mirrored;
type FieldsWith<Fact> = { [K in keyof Table]: Table[K] extends Fact ? K : never }[keyof Table];

export type MirroredColumn = FieldsWith<{ column: keyof Values }>;
export type ListedColumn = FieldsWith<{ column: keyof Values; listed: true }>;
export type ShownField = FieldsWith<{ shown: string }>;
export type KeysOf<K extends FieldsWith<{ keys: readonly string[] }>> = Table[K]['keys'][number];

/** What the columns hold, by name. */
export type MirroredValues = {
  [K in MirroredColumn]: Values[Table[K]['column']] | (Table[K] extends { empty: string } ? never : null);
};

const fields = Object.entries(mirrored) as [keyof Table, MirroredField][];
const namesOf = <K extends keyof Table>(test: (field: MirroredField) => boolean | undefined) =>
  fields.filter(([, field]) => test(field)).map(([name]) => name as K);

export const mirroredColumns = namesOf<MirroredColumn>((field) => field.column !== undefined);
export const listedColumns = namesOf<ListedColumn>((field) => field.listed);
export const itemFields = namesOf<ShownField>((field) => field.shown === 'item');
export const detailFields = namesOf<ShownField>((field) => field.shown === 'detail');

export const contentTables = Object.entries(movieTables).flatMap(([table, holds]) =>
  holds === 'content' ? [table] : [],
);
