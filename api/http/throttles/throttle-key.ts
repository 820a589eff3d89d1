import { isIPv6 } from 'node:net';

export const userKey = (userId: string) => `user:${userId}`;

/** A caller's address. IPv6 hands out whole networks: the first 64 bits are one caller. */
export function addressKey(address: string): string {
  return `address:${isIPv6(address) ? network64(address) : address}`;
}

/** The first four groups, whatever short form the address has. */
function network64(address: string): string {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 tail stands for two groups.
  const written = before.length + after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - written);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
