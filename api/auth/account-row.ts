import { sql } from '#shared/db/sql.ts';
import type { Role } from '#shared/users/user.ts';

/** An account as the statements select it. */
export interface AccountRow {
  id: string;
  name: string;
  email: string;
  date_of_birth: string | null;
  role: Role;
  created_at_ms: number;
}

/** Over `users u`. */
export const accountColumns = sql`u.id, u.name, u.email, u.date_of_birth::text as date_of_birth, u.role,
  trunc(extract(epoch from u.created_at) * 1000)::float8 as created_at_ms`;

/** As its owner sees it. */
export const presentAccount = ({ id, name, email, date_of_birth, role, created_at_ms }: AccountRow) => ({
  id,
  name,
  email,
  date_of_birth,
  role,
  created_at: new Date(created_at_ms).toISOString(),
});
