import { wholeNumber } from './whole-number.ts';

/** `?page&limit`, the same on every list. */
export const pageQuery = {
  page: wholeNumber(1, 1_000_000_000).default(1),
  limit: wholeNumber(1, 100).default(20),
};
