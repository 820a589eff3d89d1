import type { Fragment, Statement } from '#shared/db/sql.ts';

/** Each connection keeps their plans, of about 1 MiB: of more texts the later ones are planned each time. */
const mostTexts = 8;

/**
 * For statements that are made of pieces, where planning takes longer than their work: a connection plans each of the
 * first texts once. Numbers stand in the text as the constants they are; what differs from call to call has to be
 * another value. What decides about the plan should be hidden, as in `(select $1::tsquery)`: else PostgreSQL may plan
 * anew for each value.
 */
export function plannedOnce(
  purpose: string,
  most = mostTexts,
): <Row>(statement: Fragment<Row>) => Statement<Row> {
  const names = new Map<string, string>();
  return ({ strings, values }) => {
    const sent: unknown[] = [];
    const text = strings.reduce((before, after, index) => {
      const value = values[index - 1];
      if (typeof value === 'number') return before + String(value) + after;
      sent.push(value);
      return `${before}$${sent.length}${after}`;
    });
    if (!names.has(text) && names.size < most) names.set(text, `api-${purpose}-${names.size + 1}`);
    const name = names.get(text);
    return { ...(name === undefined ? {} : { name }), text, values: sent };
  };
}
