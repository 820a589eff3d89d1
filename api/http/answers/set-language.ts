import { addVary } from './add-vary.ts';

/** Says whom an answer is written for. What each text of it is in stands in its `meta`. @param language `xx-YY` */
export function setLanguage(headers: Record<string, string | number | undefined>, language: string): void {
  headers['content-language'] = language;
  addVary(headers, 'Accept-Language');
}
