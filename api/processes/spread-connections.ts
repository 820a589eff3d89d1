import { Elysia } from 'elysia';

/** What a process saw since it was last asked. */
export interface SeenRequests {
  requests: number;
  /** Over how many connections they came, or some of them where they are many. */
  connections: number;
}

/** As long as each is so near to its share, all is left alone. */
const mostAway = 0.08;
/** Fewer requests tell nothing. */
const leastRequests = 200;
/** So many standard deviations of a count by chance are none. */
const mostByChance = 3;
/** Part of its connections that a process ends at once. */
const mostAtOnce = 0.5;
/** What is lacking to a whole connection because counts are never exact. */
const inexact = 0.25;

/**
 * How many connections a process should let go, so that they come back to any of them. The system deals connections
 * out by chance, and those that are kept open stay where they are: also when another process has just started.
 *
 * It must have more requests and more connections than its share. With as many connections as the others it only has a
 * faster processor, and with one more of a few, another process would then have it. Of what it lets go, its own part
 * comes back.
 */
export function surplusConnections(own: SeenRequests, all: readonly SeenRequests[]): number {
  const meanOf = (what: keyof SeenRequests) => all.reduce((sum, seen) => sum + seen[what], 0) / all.length;
  const share = meanOf('requests');
  const areEven = all.every(({ requests }) => Math.abs(requests / share - 1) <= mostAway);
  const isChance = own.requests - share <= mostByChance * Math.sqrt(share);
  if (own.requests < leastRequests || areEven || isChance) return 0;
  const byRequests = own.connections * (1 - share / own.requests);
  const byConnections = own.connections - meanOf('connections');
  const tooMany = Math.min(byRequests, byConnections);
  if (tooMany + inexact < 1) return 0;
  const ending = Math.round((tooMany * all.length) / (all.length - 1));
  return Math.min(ending, Math.ceil(own.connections * mostAtOnce));
}

/** A list of connections so long tells enough of how many there are… */
const sampled = 512;
/** …or goes on with one request of so many. */
const oneIn = 16;

interface Server {
  requestIP(request: Request): { port: number } | null;
}

export interface ConnectionSpread {
  plugin(server: () => Server | null): Elysia;
  /** What came since it was last asked. */
  seen(): SeenRequests;
  /** Ends so many connections, each with its next answer. */
  letGo(connections: number): void;
}

export function createConnectionSpread(): ConnectionSpread {
  let requests = 0;
  let left = 0;
  const ports = new Set<number>();
  const note = (request: Request, server: Server | null) => {
    requests++;
    if (requests > sampled && requests % oneIn > 0) return;
    const peer = server?.requestIP(request);
    if (peer) ports.add(peer.port);
  };
  const asLast = (response: Response): Response => {
    response.headers.set('connection', 'close');
    return response;
  };
  return {
    plugin: (server) =>
      new Elysia({ name: 'connection-spread' }).wrap((answer: (request: Request) => unknown) => {
        return ((request: Request) => {
          note(request, server());
          if (left === 0) return answer(request);
          left--;
          const answering = answer(request) as Response | Promise<Response>;
          return answering instanceof Promise ? answering.then(asLast) : asLast(answering);
        }) as typeof answer;
      }),
    seen() {
      const seen = { requests, connections: ports.size };
      requests = 0;
      ports.clear();
      return seen;
    },
    letGo(connections) {
      left = connections;
    },
  };
}
