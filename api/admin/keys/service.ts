import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { SecurityEventName } from '#shared/security/security-event.ts';
import type { KnownKeys } from '../../facade/keys/known-keys.ts';
import { hashOfKey, makeKey } from '../../facade/keys/make-key.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import type { SecurityLog } from '../../security-log/security-log.ts';
import { queryStore } from '../../store/query-store.ts';
import type { Actor } from '../users/service.ts';
import type { IssuedKey, Key } from './model.ts';

/** Each is a label in metrics, too. */
const mostKeys = 100;

export interface AdminKeys {
  /** The newest first. */
  list(): Promise<Key[]>;
  /** Shows the key once. @throws {NexusError} `invalid_input` for a name that is taken */
  issue(name: string, actor: Actor): Promise<IssuedKey>;
  /** It opens nothing any more: in this process at once, in the others within half a minute. @throws {NexusError} `not_found` */
  revoke(id: string, actor: Actor): Promise<void>;
}

interface AdminKeysDeps {
  pool: Pool;
  known: KnownKeys;
  security: Pick<SecurityLog, 'record'>;
}

const listStatement = prepared<void, Key>(
  'api-admin-keys',
  () => sql`
    select id, name, ${isoTime('created_at')} as created_at, ${isoTime('last_used_at')} as last_used_at
    from facade_keys order by facade_keys.created_at desc, id`,
);

interface NewRow {
  id: string;
  name: string;
  apiKeyHash: Buffer;
  tokenHash: Buffer;
}

const issueStatement = prepared<NewRow, { id: string }>(
  'api-admin-issue-key',
  ({ id, name, apiKeyHash, tokenHash }) => sql`
    insert into facade_keys (id, name, api_key_hash, token_hash)
    select ${id}, ${name}, ${apiKeyHash}, ${tokenHash} where (select count(*) from facade_keys) < ${mostKeys}
    on conflict (name) do nothing returning id`,
);

const revokeStatement = prepared<{ id: string }, { name: string }>(
  'api-admin-revoke-key',
  ({ id }) => sql`delete from facade_keys where id = ${id} returning name`,
);

export function createAdminKeys({ pool, known, security }: AdminKeysDeps): AdminKeys {
  const list = () => queryStore(pool, listStatement());
  const record = (event: SecurityEventName, name: string, actor: Actor) =>
    security.record({ event, outcome: 'done', ...actor, detail: name });
  return {
    list,
    async issue(name, actor) {
      const id = randomUUID();
      const made = makeKey(id);
      const hashes = { apiKeyHash: hashOfKey(made.api_key), tokenHash: hashOfKey(made.token) };
      const [issued] = await queryStore(pool, issueStatement({ id, name, ...hashes }));
      if (issued === undefined) throw refusalOf((await list()).length);
      known.forget();
      record('key_issue', name, actor);
      return { id, name, ...made };
    },
    async revoke(id, actor) {
      const [revoked] = await queryStore(pool, revokeStatement({ id }));
      if (revoked === undefined) throw new NexusError('not_found', 'There is no key with this id.');
      known.forget();
      record('key_revoke', revoked.name, actor);
    },
  };
}

function refusalOf(count: number): NexusError {
  const message =
    count >= mostKeys
      ? `cannot be given: there are ${mostKeys} keys, so revoke one first`
      : 'is the name of another key';
  return new NexusError('invalid_input', 'Some of the input is not valid.', {
    details: [{ path: 'name', message }],
  });
}
