import type pg from 'pg';
import packageJson from '../../package.json';
import { ConfigError } from '../config.ts';

/** The oldest version whose code may work with this version's schema: the one that was released before it. */
export const oldestReader = '0.2.0';

/** Where a later version says, for those before it, which of them may still work with its schema. */
const saidStatement =
  "select to_regclass('migrations') is not null as is_there, obj_description(to_regclass('migrations')) as said";
const prefix = 'oldest version that may use this schema: ';

/** What versions of the past read in `refuseNewerSchema`. Only the owner of the table may say so. */
export async function sayOldestReader(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ said: string | null }>(saidStatement);
  if (rows[0]?.said !== `${prefix}${oldestReader}`)
    await client.query(`comment on table migrations is '${prefix}${oldestReader}'`);
}

/** @throws {ConfigError} where a version that is more than one newer than this has migrated */
export async function refuseNewerSchema(client: pg.Client, known: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ is_there: boolean; said: string | null }>(saidStatement);
  const [{ is_there, said } = { is_there: false, said: null }] = rows;
  if (!is_there || !said?.startsWith(prefix)) return;
  const oldest = said.slice(prefix.length);
  const { version } = packageJson;
  if (Bun.semver.order(version, oldest) >= 0) return;
  const ran = await client.query<{ name: string }>('select name from migrations order by name');
  const newest = ran.rows.map(({ name }) => name).findLast((name) => !known.includes(name));
  if (newest === undefined) return;
  throw new ConfigError(
    `This database was made by a newer version: version ${oldest} or newer can use it, and this is ${version} (${newest} is not known here). Start a newer version, or restore a backup that ${version} has made into an empty database.`,
  );
}
