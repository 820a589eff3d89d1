import { type Fragment, type Placeholder, raw, sql } from '../db/sql.ts';
import { otherCodes } from '../languages/language.ts';

const cases = raw(
  Object.entries(otherCodes)
    .map(([code, other]) => `when '${code}' then '${other}'`)
    .join(' '),
);

/** The code that TMDb has the same language under, too; null for nearly all. @param code `xx` */
export const otherCode = (code: Placeholder<string> | Fragment): Fragment =>
  sql`case ${code}::text ${cases} end`;
