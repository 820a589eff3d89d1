import { type Findings, fieldOf, type Misfit } from './find-misfits.ts';

/** One fault that was found once or many times, in answers of one endpoint. */
interface Fault {
  sentence: string;
  first: string;
  times: number;
}

/** What was found in all answers together. */
export class CheckReport {
  readonly #faults = new Map<string, Fault>();
  readonly #looks = new Map<string, { endpoint: string; field: string; times: number; absent: number }>();

  add(endpoint: string, what: string, { misfits, looks }: Findings): void {
    for (const misfit of misfits)
      this.addFault(endpoint, sentenceOf(misfit), `${what}${misfit.path && `: ${misfit.path}`}`);
    for (const { field, isAbsent } of looks) {
      const key = `${endpoint} ${field}`;
      const look = this.#looks.get(key) ?? { endpoint, field, times: 0, absent: 0 };
      look.times += 1;
      look.absent += Number(isAbsent);
      this.#looks.set(key, look);
    }
  }

  addFault(endpoint: string, text: string, first: string): void {
    const sentence = `${endpoint}  ${text}`;
    const fault = this.#faults.get(sentence) ?? { sentence, first, times: 0 };
    fault.times += 1;
    this.#faults.set(sentence, fault);
  }

  /** A line for each fault; fields that nothing has any more come last. */
  lines(): string[] {
    const faults = [...this.#faults.values()].map(({ sentence, first, times }) =>
      times === 1 ? `${sentence} (${first})` : `${sentence} (${times} times; first: ${first})`,
    );
    const absent = [...this.#looks.values()].filter((look) => look.absent === look.times);
    return [
      ...faults,
      ...absent.map(
        ({ endpoint, field, times }) =>
          `${endpoint}  ${field}: is never there (looked for ${times} times). The mirror stores nothing for it.`,
      ),
    ];
  }
}

function sentenceOf({ path, expected, found, effect }: Misfit): string {
  const field = fieldOf(path) || 'the whole answer';
  return `${field}: expected ${expected}, found ${found}. The mirror ${effect}.`;
}
