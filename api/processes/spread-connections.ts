import { Elysia } from 'elysia';

/** How many connections a process should let go at once, for each time its share that it answers too much. */
const lettingGo = 25;
/** One that answers a little more is left alone: a few busy connections are never spread evenly. */
const mostOfShare = 1.08;
/** Fewer requests tell nothing. */
const leastAnswers = 200;

/**
 * How many connections a process should let go, so that they come back to any of them. The system deals connections
 * out by chance, and those that are kept open stay where they are: also when another process has just started.
 * @param answers of the last seconds, of each process
 */
export function surplusConnections(own: number, answers: readonly number[]): number {
  const share = answers.reduce((sum, n) => sum + n, 0) / answers.length;
  if (own < leastAnswers || own <= share * mostOfShare) return 0;
  return Math.ceil(lettingGo * (own / share - 1));
}

export interface ConnectionSpread {
  plugin: Elysia;
  /** How many requests came since it was last asked. */
  countRequests(): number;
  /** Ends so many connections, each with its next answer. */
  letGo(connections: number): void;
}

export function createConnectionSpread(): ConnectionSpread {
  let requests = 0;
  let left = 0;
  const asLast = (response: Response): Response => {
    response.headers.set('connection', 'close');
    return response;
  };
  return {
    plugin: new Elysia({ name: 'connection-spread' }).wrap((answer: (request: Request) => unknown) => {
      return ((request: Request) => {
        requests++;
        if (left === 0) return answer(request);
        left--;
        const answering = answer(request) as Response | Promise<Response>;
        return answering instanceof Promise ? answering.then(asLast) : asLast(answering);
      }) as typeof answer;
    }),
    countRequests() {
      const counted = requests;
      requests = 0;
      return counted;
    },
    letGo(connections) {
      left = connections;
    },
  };
}
