import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type Notice, noticeChannel } from '#shared/db/notices.ts';
import { prepared, raw, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import type { SecurityEventName } from '#shared/security/security-event.ts';
import { hashOfKey, makeKey } from '../../facade/keys/make-key.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import type { SecurityLog } from '../../security-log/security-log.ts';
import type { Settle } from '../../store/peers.ts';
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
  /** It opens nothing any more, in any process. @throws {NexusError} `not_found` */
  revoke(id: string, actor: Actor): Promise<void>;
}

interface AdminKeysDeps {
  pool: Pool;
  settle: Settle;
  security: Pick<SecurityLog, 'record'>;
}

const listStatement = prepared<void, Key>(
  'api-admin-keys',
  () => sql`
    select id, name, ${isoTime('created_at')} as created_at, ${isoTime('last_used_at')} as last_used_at
    from facade_keys order by facade_keys.created_at desc, id`,
);

/** To all processes, when the change is committed: none goes on with what it knew of keys. */
const told = sql`pg_notify(${raw(`'${noticeChannel}'`)}, ${raw(`'${JSON.stringify({ kind: 'keys' } satisfies Notice)}'`)})`;

interface NewRow {
  id: string;
  name: string;
  apiKeyHash: Buffer;
  tokenHash: Buffer;
}

const issueStatement = prepared<NewRow, { id: string }>(
  'api-admin-issue-key',
  ({ id, name, apiKeyHash, tokenHash }) => sql`
    with issued as (
      insert into facade_keys (id, name, api_key_hash, token_hash)
      select ${id}, ${name}, ${apiKeyHash}, ${tokenHash} where (select count(*) from facade_keys) < ${mostKeys}
      on conflict (name) do nothing returning id
    ) select id, ${told} from issued`,
);

const revokeStatement = prepared<{ id: string }, { name: string }>(
  'api-admin-revoke-key',
  ({ id }) => sql`
    with revoked as (delete from facade_keys where id = ${id} returning name) select name, ${told} from revoked`,
);

export function createAdminKeys({ pool, settle, security }: AdminKeysDeps): AdminKeys {
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
      await settle();
      record('key_issue', name, actor);
      return { id, name, ...made };
    },
    async revoke(id, actor) {
      const [revoked] = await queryStore(pool, revokeStatement({ id }));
      if (revoked === undefined) throw new NexusError('not_found', 'There is no key with this id.');
      await settle();
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
