import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { ApiConfig } from '#shared/config.ts';
import { ensureFirstAdmin } from '#shared/users/ensure-admin.ts';

const developmentEmail = 'admin@nexus.localhost';

interface MakeFirstAdminOptions {
  pool: pg.Pool;
  config: Pick<ApiConfig, 'admin' | 'production'>;
  /** Where the API listens. */
  url: string;
  /** For people's eyes alone: a password may be in it. Never into the log. */
  say: (line: string) => void;
}

/** Says who may sign in as administrator; for development makes one where there is none, and says its password once. */
export async function makeFirstAdmin({ pool, config, url, say }: MakeFirstAdminOptions): Promise<void> {
  const consoleUrl = `${url}/admin`;
  if (config.admin !== undefined)
    return say(`  admin      ${consoleUrl} as ${config.admin.email} (ADMIN_EMAIL)`);
  const password = randomBytes(16).toString('base64url');
  const made = config.production
    ? undefined
    : await ensureFirstAdmin(pool, { email: developmentEmail, password });
  if (made === 'created' || made === 'promoted')
    return say(
      `  admin      ${consoleUrl} as ${developmentEmail} with the password ${password}   (for development, shown only once)`,
    );
  const { rows } = await pool.query("select 1 from users where role = 'admin' limit 1");
  say(
    `  admin      ${consoleUrl}, ${rows.length > 0 ? 'made at an earlier start' : 'none yet'} (npm run create-admin makes ${rows.length > 0 ? 'another' : 'one'})`,
  );
}
