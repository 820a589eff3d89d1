import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { queryStore } from '../store/query-store.ts';
import type { SecretBox } from './secret-box.ts';

interface StoredSecret {
  user_id: string;
  secret: string;
}

const batchSize = 500;
const everyMs = 3_600_000;

/** How secrets were stored before they were sealed: in base 32. */
const plain = /^[A-Z2-7]+$/;

/** @returns `undefined` where no key opens it any more */
export const openTotpSecret = (box: SecretBox, { user_id: owner, secret }: StoredSecret) =>
  plain.test(secret) ? secret : box.open(secret, owner);

const othersStatement = prepared<{ prefix: string; after: string }, StoredSecret>(
  'api-totp-secrets-of-other-keys',
  ({ prefix, after }) => sql`
    select user_id, secret from user_totp where user_id > ${after} and not starts_with(secret, ${prefix})
    order by user_id limit ${batchSize}`,
);

/** What was replaced meanwhile stays as it is. */
const replaceStatement = prepared<{ secrets: string }>(
  'api-replace-totp-secrets',
  ({ secrets }) => sql`
    update user_totp t set secret = given.sealed
    from json_to_recordset(${secrets}::json) as given(user_id uuid, secret text, sealed text)
    where t.user_id = given.user_id and t.secret = given.secret returning 1`,
);

/** Seals with the key in use what is stored plainly or was sealed with another key. */
export async function sealTotpSecrets({ pool, box, stopping }: SealDeps): Promise<SealedCounts> {
  const counts = { sealed: 0, unreadable: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  while (!stopping.aborted) {
    const found = await queryStore(pool, othersStatement({ prefix: box.prefix, after }));
    const secrets = found.flatMap((stored) => {
      const text = openTotpSecret(box, stored);
      return text === undefined ? [] : [{ ...stored, sealed: box.seal(text, stored.user_id) }];
    });
    counts.unreadable += found.length - secrets.length;
    if (secrets.length > 0)
      counts.sealed += (
        await queryStore(pool, replaceStatement({ secrets: JSON.stringify(secrets) }))
      ).length;
    const last = found.at(-1);
    if (last === undefined || found.length < batchSize) break;
    after = last.user_id;
  }
  return counts;
}

interface SealDeps {
  pool: Pool;
  box: SecretBox;
  stopping: AbortSignal;
}

interface SealedCounts {
  sealed: number;
  /** Those that no key opens: their owners need a recovery code. */
  unreadable: number;
}

/** At once and every hour, until disposed: while the secret changes, other processes still seal with the old one. */
export function keepTotpSecretsSealed(deps: Omit<SealDeps, 'stopping'> & { log: Log }): AsyncDisposable {
  const { log } = deps;
  const stopping = new AbortController();
  const seal = async () => {
    try {
      const counts = await sealTotpSecrets({ ...deps, stopping: stopping.signal });
      if (counts.unreadable > 0)
        log.warn(
          counts,
          'some second factors were stored with another JWT_SECRET: set it as JWT_SECRET_RETIRED',
        );
      else if (counts.sealed > 0) log.info(counts, 'second factors were sealed with the key in use');
    } catch (error) {
      log.warn({ err: error }, 'second factors could not be sealed');
    }
  };
  let sealing = seal();
  const timer = setInterval(() => {
    sealing = sealing.then(seal);
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopping.abort();
      await sealing;
    },
  };
}
