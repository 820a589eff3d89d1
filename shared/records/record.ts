import { defineEntity, p } from '@mikro-orm/core';

/** What TMDb has pages of beside movies. */
export const recordKinds = ['person', 'collection', 'company'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** `unknown`: nothing but that TMDb said it has none; `detailed`: whole; `gone`: deleted at TMDb. */
export type RecordState = 'unknown' | 'detailed' | 'gone';

/** A person, a collection or a company that somebody asked for, and what is known of the asking. */
export const StoredRecord = defineEntity({
  name: 'StoredRecord',
  tableName: 'records',
  primaryKeys: ['kind', 'id'],
  properties: {
    kind: p.string().length(12).$type<RecordKind>().primary(),
    /** TMDb's. */
    id: p.integer().primary(),
    state: p.string().length(8).$type<RecordState>().default('unknown'),
    /** Of all parts, so that an answer which says the same is not written again. */
    hash: p.bigint().nullable(),
    fetched_at: p.datetime().columnType('timestamptz').nullable(),
    /** When TMDb said that it had changed. */
    changed_at: p.datetime().columnType('timestamptz').nullable(),
    attempted_at: p.datetime().columnType('timestamptz').nullable(),
    /** When TMDb first and last said that it has none: two answers, a day apart, make it `gone`. */
    first_absent_at: p.datetime().columnType('timestamptz').nullable(),
    last_absent_at: p.datetime().columnType('timestamptz').nullable(),
    gone_at: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    { name: 'records_fetched_at_index', properties: ['fetched_at'] },
    {
      name: 'records_changed_people_index',
      expression:
        "create index records_changed_people_index on records (changed_at desc, id) where kind = 'person' and changed_at is not null",
    },
    {
      name: 'records_changed_index',
      expression: 'create index records_changed_index on records (changed_at) where changed_at > fetched_at',
    },
  ],
  checks: [
    { name: 'records_kind_check', expression: "kind in ('person', 'collection', 'company')" },
    { name: 'records_state_check', expression: "state in ('unknown', 'detailed', 'gone')" },
  ],
});
