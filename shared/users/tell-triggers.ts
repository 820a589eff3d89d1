/** With a table of the rows of a statement, each event needs a trigger of its own. */
const events = [
  { event: 'update', rows: 'new' },
  { event: 'delete', rows: 'old' },
] as const;

/**
 * Triggers that tell every process, once a statement, whose rows changed: what is kept of these users is dropped. No
 * writer can forget it. Nothing is kept of what is not there, so that an insert tells nothing.
 * @param how the function of `migrations/Migration20261128091500_told_users.ts` for the table
 */
export function tellTriggers(table: string, how: 'tell_of_users' | 'tell_of_owners') {
  return events.map(({ event, rows }) => {
    const name = `${table}_tell_${event}`;
    return {
      name,
      timing: 'after' as const,
      events: [event],
      forEach: 'statement' as const,
      expression: `create trigger ${name} after ${event} on ${table} referencing ${rows} table as changed for each statement execute function ${how}()`,
    };
  });
}
