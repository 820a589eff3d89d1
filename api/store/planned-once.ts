import type { Fragment, Statement } from '#shared/db/sql.ts';

/** Each connection keeps their plans, of about 1 MiB: of more texts the later ones are planned each time. */
const mostTexts = 8;
const names = new Map<string, string>();

/**
 * A statement made of pieces as one that a connection plans once, where planning takes longer than its work. Numbers
 * stand in the text as the constants they are; what differs from call to call has to be another value. What decides
 * about the plan should be hidden, as in `(select $1::tsquery)`: else PostgreSQL plans anew for each value.
 */
export function plannedOnce<Row>(purpose: string, { strings, values }: Fragment<Row>): Statement<Row> {
  const sent: unknown[] = [];
  const text = strings.reduce((before, after, index) => {
    const value = values[index - 1];
    if (typeof value === 'number') return before + String(value) + after;
    sent.push(value);
    return `${before}$${sent.length}${after}`;
  });
  if (!names.has(text) && names.size < mostTexts) names.set(text, `api-${purpose}-${names.size + 1}`);
  const name = names.get(text);
  return { ...(name === undefined ? {} : { name }), text, values: sent };
}
