import { defineEntity, p } from '@mikro-orm/core';

/** TMDb's feeds of changes that are followed. */
export type ChangeFeedName = 'movie' | 'person';

/** How far each of TMDb's feeds of changes was read, and what of it can no longer be read. */
export const ChangeFeed = defineEntity({
  name: 'ChangeFeed',
  tableName: 'change_feeds',
  properties: {
    name: p.string().length(16).$type<ChangeFeedName>().primary(),
    /** All that TMDb listed until then is marked. Never passes what is not. */
    read_until: p.datetime().columnType('timestamptz'),
    /** What changed from then on… */
    gap_from: p.datetime().columnType('timestamptz').nullable(),
    /** …until then is not known: what was fetched before is looked at again, the oldest first. Null: there is no gap. */
    gap_until: p.datetime().columnType('timestamptz').nullable(),
  },
});
