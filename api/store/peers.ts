/** The API processes of one database, to each other, over the connections that they hear notices with. */
export interface Peers {
  /** Whether what is kept may be believed: nothing that somebody has settled can have been missed. */
  readonly canBelieve: boolean;
  /**
   * Resolves when no process can act any more on what was true before the last commit: each has heard of it, or has
   * stopped to believe what it keeps. At once, as a rule; a little after `leaseMs` at the latest.
   */
  settle(): Promise<void>;
}

/** `Peers.settle`, where there are any. */
export type Settle = () => Promise<void>;

export interface PeersConnection {
  /** @throws if it is away */
  tell(channel: string, payload: string): Promise<void>;
  /** False while it is away. */
  readonly connected: boolean;
}

export interface OpenPeers extends Peers, AsyncDisposable {
  /** The channels that have to be listened to. */
  channels: readonly string[];
  onMessage(channel: string, payload: string): void;
  /** The connection listens, perhaps anew. */
  onGap(): void;
}

/** For so long a process believes what it keeps, from when it told what it has heard since. */
export const leaseMs = 3000;
/** Others wait a little longer than that: timers ring up to a millisecond early, and clocks differ in their speed. */
const waitMs = leaseMs + 50;
const aliveEveryMs = 750;
/** So soon after a process has joined, all who were there before have told it so. */
const joinMs = 200;
const together = 'nexus_peers';

/** A question that others have yet to answer. */
interface Round {
  /** Known as soon as our own question is heard. */
  missing: Set<string> | undefined;
  end: () => void;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Every process tells all others that it is alive, and believes what it keeps for `leaseMs` from the moment at which it
 * told what it has heard last. PostgreSQL hands on what is told in the order of the commits. So who hears a question has
 * heard all that was committed before it, and who answers none believes nothing `leaseMs` later. No clocks are compared.
 * @param connection `undefined` while there is none yet
 */
export function createPeers(connection: () => PeersConnection | undefined): OpenPeers {
  const me = Bun.randomUUIDv7().replaceAll('-', '');
  const channelOf = (id: string) => `nexus_peer_${id}`;
  const nowMs = () => performance.now();
  /** When the others were last heard. */
  const heardMs = new Map<string, number>();
  const toldMs = new Map<number, number>();
  const rounds = new Map<number, Round>();
  let count = 0;
  let believesUntilMs = Number.NEGATIVE_INFINITY;
  let hasBelieved = false;
  let isClosed = false;
  let joinedMs = Number.NEGATIVE_INFINITY;

  const isConnected = () => connection()?.connected ?? false;
  const tell = async (channel: string, ...words: (string | number)[]) =>
    connection()?.tell(channel, words.join(' '));

  let telling: 'once' | 'again' | undefined;
  const tellAlive = async () => {
    if (isClosed || !isConnected()) return;
    const turn = ++count;
    toldMs.set(turn, nowMs());
    await tell(together, 'alive', me, turn).catch(() => toldMs.delete(turn));
  };
  const tellAliveOnce = async () => {
    if (telling !== undefined) return;
    telling = 'once';
    await tellAlive();
    // Somebody who joined meanwhile may not have heard that.
    if ((telling as string) === 'again') await tellAlive();
    telling = undefined;
  };
  /** What was told before is unknown to who has just joined. */
  const hearNewcomer = (from: string) => {
    if (from === me) return;
    if (telling !== undefined) telling = 'again';
    else void tellAliveOnce();
  };

  const hearAlive = (from: string, turn: number) => {
    if (from !== me) return void heardMs.set(from, nowMs());
    believesUntilMs = Math.max(believesUntilMs, (toldMs.get(turn) ?? Number.NEGATIVE_INFINITY) + leaseMs);
    hasBelieved = true;
    toldMs.delete(turn);
  };

  /** Our own question: whoever was alive before it has to answer, until its belief is over. */
  const hearOwn = (turn: number) => {
    const round = rounds.get(turn);
    if (round === undefined) return;
    const believers = [...heardMs].filter(([, atMs]) => nowMs() < atMs + waitMs);
    heardMs.clear();
    for (const [id, atMs] of believers) heardMs.set(id, atMs);
    if (believers.length === 0) return round.end();
    round.missing = new Set(believers.map(([id]) => id));
    const lastMs = Math.max(...believers.map(([, atMs]) => atMs + waitMs));
    clearTimeout(round.timer);
    round.timer = setTimeout(round.end, lastMs - nowMs());
  };

  const hearAnswer = (from: string, upTo: number) => {
    for (const [turn, { missing, end }] of rounds) {
      if (turn > upTo || missing === undefined) continue;
      missing.delete(from);
      if (missing.size === 0) end();
    }
  };

  /** One answer at a time to each: the next one is for all questions meanwhile. */
  const answers = new Map<string, number>();
  const answer = async (to: string, turn: number) => {
    const isAnswering = answers.has(to);
    answers.set(to, turn);
    if (isAnswering) return;
    for (let sent = 0; sent !== answers.get(to); ) {
      sent = answers.get(to) ?? sent;
      await tell(channelOf(to), me, sent).catch(() => {});
    }
    answers.delete(to);
  };

  const ask = () =>
    new Promise<void>((resolve) => {
      const turn = ++count;
      const end = () => {
        clearTimeout(round.timer);
        rounds.delete(turn);
        resolve();
      };
      const round: Round = { missing: undefined, end, timer: setTimeout(end, waitMs) };
      rounds.set(turn, round);
      // Unheard, it takes until nobody believes anything from before it.
      asked = tell(together, 'ask', me, turn).catch(() => {});
    });
  let asked: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const timer = setInterval(tellAliveOnce, aliveEveryMs).unref();
  return {
    channels: [together, channelOf(me)],
    get canBelieve() {
      return nowMs() < believesUntilMs && isConnected();
    },
    settle() {
      // Nothing was ever heard here: the store is away, and with it whoever could have written.
      if (isClosed || (!hasBelieved && !isConnected())) return Promise.resolve();
      const joiningMs = joinedMs + joinMs - nowMs();
      if (joiningMs > 0) return Bun.sleep(joiningMs).then(() => this.settle());
      // A question that is under way may be from before the caller's commit; the next one is for all who wait.
      next ??= asked.then(() => {
        next = undefined;
        return ask();
      });
      return atMost(waitMs, next);
    },
    onMessage(channel, payload) {
      const isToAll = channel === together;
      const [kind, from = '', said] = isToAll ? payload.split(' ') : ['answer', ...payload.split(' ')];
      if (kind === 'new') return hearNewcomer(from);
      if (kind === 'gone') {
        heardMs.delete(from);
        return hearAnswer(from, Number.POSITIVE_INFINITY);
      }
      const turn = Number(said);
      // Not one of ours has said that. Whoever may connect to the database may.
      if (!Number.isSafeInteger(turn)) return;
      if (kind === 'answer') return hearAnswer(from, turn);
      if (kind === 'alive') return hearAlive(from, turn);
      if (kind !== 'ask') return;
      if (from === me) return hearOwn(turn);
      void answer(from, turn);
    },
    onGap() {
      believesUntilMs = Number.NEGATIVE_INFINITY;
      joinedMs = nowMs();
      // As soon as the connection counts as one that listens.
      setTimeout(() => tell(together, 'new', me).then(tellAliveOnce, () => {}));
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      believesUntilMs = Number.NEGATIVE_INFINITY;
      clearInterval(timer);
      for (const { end } of [...rounds.values()]) end();
      if (isConnected()) await tell(together, 'gone', me).catch(() => {});
    },
  };
}

/** Waits no longer than that, for something that never fails. */
const atMost = async (ms: number, waited: Promise<void>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([waited, promise]);
  clearTimeout(timer);
};
