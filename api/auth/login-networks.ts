import type { Pool } from 'pg';
import { networkOf } from '../http/throttles/throttle-key.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

/** Where an account's owner has signed in from. */
export interface LoginNetworks {
  remember(userId: string, address: string): Promise<void>;
  isKnown(email: string, address: string): Promise<boolean>;
}

/** The most recent ones. */
const maxNetworks = 20;

/** $1: user, $2: network. */
const rememberStatement: Statement = {
  name: 'api-remember-login-network',
  text: `
    with u as (
      select id from users where id = $1 for key share
    ), kept as (
      insert into login_networks (user_id, network) select u.id, $2 from u
      on conflict (user_id, network) do update set last_at = now()
    )
    delete from login_networks where user_id = $1 and network in (
      select network from login_networks where user_id = $1 and network <> $2
      order by last_at desc, network offset ${maxNetworks - 1})`,
};

/** $1: email, $2: network. */
const knownStatement: Statement = {
  name: 'api-known-login-network',
  text: `
    select 1 from login_networks n join users u on u.id = n.user_id
    where u.email = $1 and n.network = $2`,
};

export function createLoginNetworks({ pool }: { pool: Pool }): LoginNetworks {
  return {
    async remember(userId, address) {
      const network = networkOf(address);
      if (network !== undefined) await queryStore(pool, rememberStatement, [userId, network]);
    },
    async isKnown(email, address) {
      const network = networkOf(address);
      if (network === undefined) return false;
      return (await queryStore(pool, knownStatement, [email, network])).length > 0;
    },
  };
}
