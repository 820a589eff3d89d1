import { detailFields, itemFields, mirrored, type ShownField } from './mirrored-columns.ts';

export type DocumentField = 'tmdb_id' | ShownField;

/** The keys of a movie's document, in their order. */
export const documentFields: readonly DocumentField[] = ['tmdb_id', ...itemFields, ...detailFields];

/** Raise it when a key comes to hold something else than before: then all documents are built again. */
const revision = 2;

/**
 * The version that a stored document must have to be served. It is made from the keys, so it changes when a
 * document gets or loses a field. Older documents are then built again from their rows.
 */
export const documentVersion = digestOf([
  revision,
  documentFields.map((field) => (field === 'tmdb_id' ? [field] : [field, keysOf(mirrored[field])])),
]);

function keysOf(field: object): unknown {
  return 'keys' in field ? field.keys : null;
}

/** A positive integer of PostgreSQL's. */
function digestOf(value: unknown): number {
  return (Bun.hash.crc32(JSON.stringify(value)) >>> 1) + 1;
}
