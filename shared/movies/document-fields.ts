import { detailFields, itemFields, mirrored, type ShownField } from './mirrored-columns.ts';

export type DocumentField = 'tmdb_id' | ShownField;

/** The keys of a movie's document, in their order. */
export const documentFields: readonly DocumentField[] = ['tmdb_id', ...itemFields, ...detailFields];

/** Raise it when a key comes to hold something else than before: then all documents are built again. */
const revision = 1;

/**
 * What a document must carry to be shown as it stands. It is made from the keys, so that it changes when a document
 * comes to hold more or less: stored ones are then old, wherever they are, and are built again from the rows.
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
