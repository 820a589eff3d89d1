import { defineEntity, p } from '@mikro-orm/core';
import { StoredRecord } from './record.ts';

/** What TMDb answered of a record, part by part and as it was sent. An empty part has a row, too. */
export const RecordPart = defineEntity({
  name: 'RecordPart',
  tableName: 'record_parts',
  primaryKeys: ['record', 'part'],
  properties: {
    record: () =>
      p
        .manyToOne(StoredRecord)
        .joinColumns('kind', 'id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    part: p.string().length(20).primary(),
    /** The text as `shared/movies/stored-parts.ts` packs it. */
    body: p.blob(),
  },
});
