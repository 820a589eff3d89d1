import type { KeptLanguages } from '../languages/kept-languages.ts';
import { answerVersion } from './stored-answer.ts';

/** Raise it when parts are mapped in another way: then all are mapped again, without a call. */
const revision = 5;

/** By which rules texts, titles, posters, releases, terms, what people are and the ready answer were taken from a movie's parts: other kept languages are other rules. */
export function partsVersionOf(kept: KeptLanguages): number {
  const languages = kept === 'all' ? kept : [...kept].sort();
  return (Bun.hash.crc32(JSON.stringify([revision, answerVersion, languages])) >>> 1) + 1;
}
