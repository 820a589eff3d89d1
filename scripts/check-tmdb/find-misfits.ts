import { z } from 'zod';
import { takenBy } from '#worker/tmdb/wire/wire-fields.ts';

/** What the mirror does with a value that does not fit. */
export type Effect = 'refuses the whole answer' | 'leaves the row out' | 'stores nothing for it';

export interface Misfit {
  /** `credits.cast[3].order`; empty: the answer as a whole. */
  path: string;
  expected: string;
  /** The kind of what is there, never the value. */
  found: string;
  effect: Effect;
}

export interface FieldLook {
  /** The path without positions: `credits.cast[].order`. */
  field: string;
  isAbsent: boolean;
}

export interface Findings {
  misfits: Misfit[];
  /** Every look for a field that may be absent: one that is always absent may have another name now. */
  looks: FieldLook[];
}

interface Place {
  path: string;
  effect: Effect;
  isRow: boolean;
}

/** Texts of which the schema takes only some, and nothing of the others. */
const expectedOfFields: Record<string, string> = {
  release_date: 'a date such as 2024-12-31',
  poster_path: 'the path of an image',
  backdrop_path: 'the path of an image',
  profile_path: 'the path of an image',
};

/** Holds an answer against a schema that forgives much, and says what it would have to forgive, field by field. */
export function findMisfits(schema: z.core.$ZodType, answer: unknown): Findings {
  const findings: Findings = { misfits: [], looks: [] };
  examine(schema, answer, { path: '', effect: 'refuses the whole answer', isRow: false }, findings);
  return findings;
}

/** `credits.cast[3].order` → `credits.cast[].order` */
export function fieldOf(path: string): string {
  return path.replace(/\[\d+\]/g, '[]');
}

function examine(schema: z.core.$ZodType, value: unknown, at: Place, findings: Findings): void {
  const taken = takenBy(schema);
  if (taken !== undefined) examine(taken, value, at, findings);
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const accepted = schema instanceof z.ZodOptional ? undefined : null;
    // A list may have empty parts, but no empty rows.
    if (value !== accepted || at.isRow) examine(schema.unwrap(), value, at, findings);
  } else if (schema instanceof z.ZodCatch) {
    const effect = at.isRow ? 'leaves the row out' : 'stores nothing for it';
    examine(schema.unwrap(), value, { ...at, effect }, findings);
  } else if (schema instanceof z.ZodPipe) {
    const before = findings.misfits.length;
    examine(schema.in, value, at, findings);
    if (findings.misfits.length > before) return;
    examineLeaf(schema, value, at, findings, schema.out);
  } else if (schema instanceof z.ZodObject) examineObject(schema, value, at, findings);
  else if (schema instanceof z.ZodArray) examineList(schema, value, at, findings);
  else examineLeaf(schema, value, at, findings, schema);
}

function examineObject(schema: z.ZodObject, value: unknown, at: Place, findings: Findings): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    findings.misfits.push(misfit('an object', value, at));
    return;
  }
  const { effect } = at;
  for (const [name, part] of Object.entries(schema.shape)) {
    const path = at.path === '' ? name : `${at.path}.${name}`;
    const given: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (z.safeParse(part, undefined).success)
      findings.looks.push({ field: fieldOf(path), isAbsent: given === undefined });
    examine(part, given, { path, effect, isRow: false }, findings);
    const expected = expectedOfFields[name];
    if (expected !== undefined && typeof given === 'string' && given !== '' && isLeftOut(part, given))
      findings.misfits.push(misfit(expected, given, { path, effect: 'stores nothing for it' }));
  }
}

function isLeftOut(schema: z.core.$ZodType, text: string): boolean {
  const read = z.safeParse(schema, text);
  return read.success && read.data === null;
}

function examineList(schema: z.ZodArray, value: unknown, at: Place, findings: Findings): void {
  if (!Array.isArray(value)) {
    findings.misfits.push(misfit('a list', value, at));
    return;
  }
  value.forEach((row: unknown, position) => {
    const place = { path: `${at.path}[${position}]`, effect: at.effect, isRow: true };
    examine(schema.element, row, place, findings);
  });
}

function examineLeaf(
  schema: z.core.$ZodType,
  value: unknown,
  at: Place,
  findings: Findings,
  named: z.core.$ZodType,
): void {
  if (!z.safeParse(schema, value).success) findings.misfits.push(misfit(expectedBy(named), value, at));
}

function misfit(expected: string, value: unknown, { path, effect }: Omit<Place, 'isRow'>): Misfit {
  return { path, expected, found: foundKind(value), effect };
}

function expectedBy(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodUnion) {
    const [first] = schema.options;
    return first === undefined ? 'something else' : expectedBy(first);
  }
  if (schema instanceof z.ZodNumberFormat)
    return `a whole number from ${schema.minValue} to ${schema.maxValue}`;
  if (schema instanceof z.ZodNumber) return 'a number';
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodString) return schema.minLength ? 'text that is not empty' : 'text';
  return 'something else';
}

/** A word for the kind of a value: what is in it is TMDb's, and is not repeated. */
function foundKind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'object') return 'an object';
  if (!Number.isInteger(value)) return 'a fraction';
  return Number(value) < 1 ? 'a number below 1' : 'a number';
}
