import { type Fragment, sql } from '#shared/db/sql.ts';
import { otherCode } from './other-code.ts';
import type { DocumentHead } from './present-movie.ts';

/** The best come first. */
export type CollectionNames = readonly { language: string; name: string }[];

/** What the collection of `movies m` is called in a language. */
export const collectionNamesColumn = ({ code, own }: { code: Fragment; own: Fragment }): Fragment => sql`
  array_to_json(array(select row_to_json(n) from (
    select n.language, n.name from collection_names n
    where n.collection_id = m.collection_id and left(n.language, 2) in (${code}, ${otherCode(code)})
    order by n.language <> ${own}, n.language
  ) n))`;

/** By the rule for texts, as far as its names are known. */
export function withCollection<Head extends Pick<DocumentHead, 'collection'>>(
  head: Head,
  names: CollectionNames,
  asked: string,
): Head {
  const { name } = names.find(({ language }) => language === asked) ?? names[0] ?? {};
  if (head.collection === null || name === undefined || name === head.collection.name) return head;
  return { ...head, collection: { id: head.collection.id, name } };
}
