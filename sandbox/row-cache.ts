import type { WireRow } from './wire.ts';

/** A power of two: the slot is taken from the id's low bits. */
const SLOTS = 8_192;

interface Remembered {
  row: WireRow;
  json?: Buffer<ArrayBuffer>;
}

/**
 * Remembers rows lately worked out, and their JSON, one for each slot: bounded, and nothing to keep in order.
 * A movie's answer holds forty rows, so this is what makes answers quick.
 */
export function rememberRows(work: (id: number) => WireRow | undefined) {
  const slots: (Remembered | undefined)[] = new Array(SLOTS);
  const recall = (id: number): Remembered | undefined => {
    // Ids come in pairs of which one is borne, see numbering.ts.
    const slot = ((id - 1) >> 1) & (SLOTS - 1);
    const known = slots[slot];
    if (known?.row.id === id) return known;
    const row = work(id);
    if (!row) return undefined;
    const fresh = { row };
    slots[slot] = fresh;
    return fresh;
  };
  return {
    row: (id: number) => recall(id)?.row,
    rowJson(id: number): Buffer<ArrayBuffer> | undefined {
      const known = recall(id);
      if (known) known.json ??= Buffer.from(JSON.stringify(known.row));
      return known?.json;
    },
  };
}
