import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { Sentences } from './reason.ts';

/** The languages that reasons are worded in: another one is one more file. */
const sentences: Readonly<Record<string, Sentences>> = { de, en, es, fr };

/** In English where there are none. @param language `xx-YY` */
export const sentencesOf = (language: string): Sentences => sentences[language.slice(0, 2)] ?? en;
