import { getPriority, setPriority } from 'node:os';

/** More than what other tests have, by far; all that must never wait still goes before. */
const urgent = -10;

/**
 * From now on this process and what it starts go before others: for what is held to seconds of its own while other tests
 * compute. Disposing ends it. Only root may; for others it changes nothing.
 */
export function takePrecedence(): Disposable {
  const before = getPriority();
  try {
    setPriority(urgent);
  } catch {
    return { [Symbol.dispose]() {} };
  }
  return { [Symbol.dispose]: () => setPriority(before) };
}
