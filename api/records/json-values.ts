import { isJsonObject } from '#shared/is-json-object.ts';

/** What TMDb sent, of which only the shape of its lists is known. */
export type Json = Record<string, unknown>;

export const objectOf = (value: unknown): Json => (isJsonObject(value) ? value : {});
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
