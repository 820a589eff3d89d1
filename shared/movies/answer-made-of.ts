import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { answerVersion } from './stored-answer.ts';

interface Source {
  content_hash: Fragment;
  parts_hash: Fragment;
  parts_version: Fragment;
}

// Above the bits of any `parts_version`.
const versionBits = raw(`${BigInt(answerVersion) << 31n}`);

/**
 * What an answer is made of, as one number: the content and the parts of its movie, the rules by which they were mapped
 * and those by which it was made. Null where not all of that is known.
 */
export const madeOf = ({ content_hash, parts_hash, parts_version }: Source): Fragment =>
  sql`(hashtextextended(${content_hash}, ${versionBits} + ${parts_version}) # ${parts_hash})`;

/** That of a movie as it is now. @param name the name of `movies` in the statement */
export const answerMadeOf = (name: string): Fragment =>
  madeOf({
    content_hash: raw(`${name}.content_hash`),
    parts_hash: raw(`${name}.parts_hash`),
    parts_version: raw(`${name}.parts_version`),
  });

/** Whether the answer of a movie may be shown. Whoever forgot to make it again cannot show what is outdated. */
export const isAnswered = (name: string): Fragment =>
  sql`(${raw(name)}.state = 'detailed' and ${raw(name)}.answer_made_of = ${answerMadeOf(name)})`;
