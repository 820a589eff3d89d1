import { defineEntity, p } from '@mikro-orm/core';

/** A picture that an answer has named. With `IMAGE_CACHE_MB`, only such ones and those in rows of the mirror are fetched. */
export const NamedPicture = defineEntity({
  name: 'NamedPicture',
  tableName: 'named_pictures',
  properties: {
    /** The first eight bytes of the SHA-256 of its path. */
    hash: p.bigint().primary().autoincrement(false),
    /** To two weeks. */
    named_at: p.date().defaultRaw('current_date'),
  },
});
