/**
 * For `LRUCache`: at most so many entries, in memory that grows with them. With `max` it takes room for all of them
 * when it is made: a megabyte for 50,000.
 */
export const mostEntries = (most: number) => ({ maxSize: most, sizeCalculation: () => 1 });
