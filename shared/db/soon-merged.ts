/**
 * For every GIN index: what was just written waits in a list, and each look-up reads that list. By default it grows to
 * 4 MB while a sync runs, and a search looks up twenty times: it took five times as long.
 */
export const soonMerged = 'with (gin_pending_list_limit = 128)';
