/** The events of one statement; with a table of its rows each needs a trigger of its own. */
const events = [
  { event: 'insert', rows: 'new' },
  { event: 'update', rows: 'new' },
  { event: 'delete', rows: 'old' },
] as const;

/** Triggers that move `users.taste_version` on, once a statement, for all users of whom it changed rows. */
export function tasteTriggers(table: string) {
  return events.map(({ event, rows }) => {
    const name = `${table}_taste_${event}`;
    return {
      name,
      timing: 'after' as const,
      events: [event],
      forEach: 'statement' as const,
      expression: `create trigger ${name} after ${event} on ${table} referencing ${rows} table as changed for each statement execute function move_taste_version()`,
    };
  });
}
