import { codeOf, type ErrorCode, NexusError } from '#shared/errors.ts';
import type { TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import type { CheckReport } from './check-report.ts';
import { findMisfits } from './find-misfits.ts';
import type { ObservedAnswer, Observer } from './observe-answers.ts';
import { type Ask, exportEndpoint, exportedLinesRead, type Question } from './questions.ts';

interface AskDependencies {
  tmdb: TmdbClient;
  observer: Observer;
  report: CheckReport;
  signal: AbortSignal;
  say: (line: string) => void;
}

export interface Asking {
  ask: Ask;
  /** Why questions got no answer. */
  unanswered: readonly NexusError[];
}

type Verdict = 'fits' | 'DOES NOT FIT' | 'not there' | 'no answer' | 'not met';

/** Where nobody answers this often in a row, nobody will answer the rest. */
const unansweredToStop = 2;

/** Asks one question after the other, says at once how each went, and notes what does not fit. */
export function createAsk({ tmdb, observer, report, signal, say }: AskDependencies): Asking {
  const unanswered: NexusError[] = [];
  let inARow = 0;
  return {
    unanswered,
    async ask(question) {
      if (isHopeless(unanswered.at(-1), inARow)) return undefined;
      observer.takeAnswer();
      let error: NexusError | undefined;
      const value = await question.call(tmdb, { signal, onDemand: true }).catch((thrown: unknown) => {
        if (!(thrown instanceof NexusError)) throw thrown;
        error = thrown;
        return undefined;
      });
      const verdict = judge(question, error, { observer, report });
      if (verdict === 'no answer' && error !== undefined) unanswered.push(error);
      inARow = verdict === 'no answer' ? inARow + 1 : 0;
      say(lineOf(verdict, question.what));
      return value;
    },
  };
}

export function lineOf(verdict: Verdict, what: string): string {
  return `${verdict.padEnd(14)}${what}`;
}

function isHopeless(last: NexusError | undefined, inARow: number): boolean {
  if (inARow === 0 || last === undefined) return false;
  return inARow >= unansweredToStop || last.code === 'upstream_key_rejected' || last.code === 'shutting_down';
}

function judge(
  { what, endpoint, schema, ifNotFound }: Question<unknown>,
  error: NexusError | undefined,
  { observer, report }: Pick<AskDependencies, 'observer' | 'report'>,
): Verdict {
  const code = error && codeOf(error);
  if (code === 'upstream_not_found' && ifNotFound !== undefined)
    return ifNotFound === 'is right' ? 'fits' : 'not there';
  const answer = endpoint === exportEndpoint ? exportAnswer(observer) : observer.takeAnswer();
  const findings =
    answer && isData(code, answer) ? findMisfits(schema, answer.json) : { misfits: [], looks: [] };
  if (findings.misfits.length === 0) {
    if (code !== undefined && noAnswerCodes.has(code)) return 'no answer';
    if (error !== undefined) report.addFault(endpoint, reasonOf(error), what);
    else if (ifNotFound === 'is right') report.addFault(endpoint, 'expected HTTP 404, found a movie.', what);
  }
  report.add(endpoint, what, findings);
  const fits = findings.misfits.length === 0 && error === undefined && ifNotFound !== 'is right';
  return fits ? 'fits' : 'DOES NOT FIT';
}

const noAnswerCodes: ReadonlySet<ErrorCode> = new Set([
  'upstream_unavailable',
  'upstream_rate_limited',
  'upstream_key_rejected',
  'shutting_down',
]);

/** What the client took for an answer, or could not read as one; a bare list is none to it, but it is to us. */
function isData(code: ErrorCode | undefined, { status, json }: ObservedAnswer): boolean {
  if (code === undefined || code === 'upstream_malformed' || code === 'export_incomplete')
    return json !== undefined;
  return status === 200 && json !== undefined && (typeof json !== 'object' || Array.isArray(json));
}

/** Each line as it is; one that is no JSON as text, which is no object either. */
function exportAnswer(observer: Observer): ObservedAnswer {
  const json = observer.exportedLines(exportedLinesRead).map((line): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      return line;
    }
  });
  return { status: 200, json };
}

/** In our own words: neither a URL nor anything of TMDb's is in it. */
export function reasonOf(error: NexusError): string {
  const what = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message.replace(/\.$/, '')}${what}.`;
}
