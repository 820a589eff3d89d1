import { en } from './en.ts';
import type { Reason, ReasonCode, Sentences } from './reason.ts';

/** A reason as a reader gets it. */
export interface WordedReason<Type extends string> {
  type: Type;
  id: number;
  name: string;
  text: string;
}

/** Puts a reason into words. */
export function wordReason<Code extends ReasonCode, Type extends string>(
  reason: Reason<Code, Type>,
  sentences: Sentences = en,
): WordedReason<Type> {
  const { code, type, id, name } = reason;
  return { type, id, name, text: sentences[code](reason) };
}
