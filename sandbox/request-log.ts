/** Requests remembered one by one, and movies counted one by one, at most. */
const KEPT_REQUESTS = 200_000;
const KEPT_MOVIES = 200_000;
const SECOND_MS = 1_000;

export interface LoggedRequest {
  /** Milliseconds since the epoch, from the monotonic clock. */
  at: number;
  method: string;
  /** Path with its query, without any key. */
  target: string;
  route: string;
  /** 0 while unanswered. */
  status: number;
  limited: boolean;
}

export interface SandboxStats {
  requests: number;
  /** By template, such as `GET /movie/{id}`. */
  byRoute: Record<string, number>;
  byStatus: Record<string, number>;
  /** How often each movie's id was in a path; the first 200,000 different ids only. */
  byMovieId: ReadonlyMap<number, number>;
  /** The most requests to the rate-limited API that arrived within any one second. */
  maxInAnySecond: number;
  firstAt: number | null;
  lastAt: number | null;
  rejected429: number;
}

export interface RequestLog {
  arrive(request: Omit<LoggedRequest, 'status' | 'at'>, movieId: number | undefined): LoggedRequest;
  settle(request: LoggedRequest, status: number): void;
  stats(): SandboxStats;
  /** The remembered requests, oldest first. */
  requests(): LoggedRequest[];
  reset(): void;
}

export function readClock(): number {
  return performance.timeOrigin + performance.now();
}

function densestSecond(requests: readonly LoggedRequest[]): number {
  const times = requests.filter(({ limited }) => limited).map(({ at }) => at);
  let start = 0;
  let densest = 0;
  times.forEach((at, end) => {
    while ((times[start] ?? at) <= at - SECOND_MS) start++;
    densest = Math.max(densest, end - start + 1);
  });
  return densest;
}

const countUp = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);

export function createRequestLog(): RequestLog {
  let ring: LoggedRequest[] = [];
  let total = 0;
  let firstAt: number | null = null;
  let lastAt: number | null = null;
  const byRoute = new Map<string, number>();
  const byStatus = new Map<string, number>();
  let byMovieId = new Map<number, number>();

  const inOrder = () => {
    const oldest = total % KEPT_REQUESTS;
    return total <= KEPT_REQUESTS ? [...ring] : [...ring.slice(oldest), ...ring.slice(0, oldest)];
  };
  return {
    arrive(request, movieId) {
      const logged: LoggedRequest = { ...request, at: readClock(), status: 0 };
      ring[total % KEPT_REQUESTS] = logged;
      total++;
      firstAt ??= logged.at;
      lastAt = logged.at;
      countUp(byRoute, logged.route);
      if (movieId !== undefined && (byMovieId.size < KEPT_MOVIES || byMovieId.has(movieId))) {
        countUp(byMovieId, movieId);
      }
      return logged;
    },
    settle(request, status) {
      request.status = status;
      countUp(byStatus, String(status));
    },
    stats: () => ({
      requests: total,
      byRoute: Object.fromEntries(byRoute),
      byStatus: Object.fromEntries(byStatus),
      byMovieId,
      maxInAnySecond: densestSecond(inOrder()),
      firstAt,
      lastAt,
      rejected429: byStatus.get('429') ?? 0,
    }),
    requests: inOrder,
    reset() {
      ring = [];
      total = 0;
      firstAt = null;
      lastAt = null;
      byRoute.clear();
      byStatus.clear();
      byMovieId = new Map();
    },
  };
}
