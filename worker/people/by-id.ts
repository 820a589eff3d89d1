/** Each id once, in the order of the ids: so two writers never wait for each other in a circle. */
export function byId<T extends { id: number }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => a.id - b.id);
}
