import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { networkOf } from '../http/throttles/throttle-key.ts';
import { queryStore } from '../store/query-store.ts';

/** Where an account's owner has signed in from. */
export interface LoginNetworks {
  remember(userId: string, address: string): Promise<void>;
  /** @returns the network that the address is in, if the owner has signed in from it */
  known(email: string, address: string): Promise<string | undefined>;
}

/** The most recent ones. */
const maxNetworks = 20;

const rememberStatement = prepared<{ userId: string; network: string }>(
  'api-remember-login-network',
  ({ userId, network }) => sql`
    with u as (
      select id from users where id = ${userId} for key share
    ), kept as (
      insert into login_networks (user_id, network) select u.id, ${network} from u
      on conflict (user_id, network) do update set last_at = now()
    )
    delete from login_networks where user_id = ${userId} and network in (
      select network from login_networks where user_id = ${userId} and network <> ${network}
      order by last_at desc, network offset ${maxNetworks - 1})`,
);

const knownStatement = prepared<{ email: string; network: string }>(
  'api-known-login-network',
  ({ email, network }) => sql`
    select 1 from login_networks n join users u on u.id = n.user_id
    where u.email = ${email} and n.network = ${network}`,
);

export function createLoginNetworks({ pool }: { pool: Pool }): LoginNetworks {
  return {
    async remember(userId, address) {
      const network = networkOf(address);
      if (network !== undefined) await queryStore(pool, rememberStatement({ userId, network }));
    },
    async known(email, address) {
      const network = networkOf(address);
      if (network === undefined) return undefined;
      return (await queryStore(pool, knownStatement({ email, network }))).length > 0 ? network : undefined;
    },
  };
}
