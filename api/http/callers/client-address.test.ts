import { expect, test } from 'bun:test';
import { clientAddress } from './client-address.ts';

const from = (trustProxy: string[], peer: string, forwarded?: string) =>
  clientAddress(trustProxy, () => ({ requestIP: () => ({ address: peer }) }))(
    new Request(
      'http://nexus.test/',
      forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } },
    ),
  );

test('without trusted proxies the peer is the caller, whatever it claims', () => {
  expect(from([], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
});

test('a peer that is no trusted proxy cannot speak for others', () => {
  expect(from(['10.0.0.0/8'], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
});

test('a trusted proxy vouches for the last address before it', () => {
  expect(from(['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 198.51.100.1')).toBe('198.51.100.1');
});

test('trusted proxies in a row are walked past, and no further', () => {
  expect(from(['10.0.0.0/8'], '10.1.2.3', '6.6.6.6, 198.51.100.1, 10.9.9.9')).toBe('198.51.100.1');
});

test('nonsense ends the walk at the last proxy that made sense', () => {
  expect(from(['10.0.0.0/8'], '10.1.2.3', '198.51.100.1, unknown, 10.9.9.9')).toBe('10.9.9.9');
  expect(from(['10.0.0.0/8'], '10.1.2.3')).toBe('10.1.2.3');
});

test('IPv6 ranges are understood, and IPv4 in IPv6 is IPv4', () => {
  expect(from(['fd00::/8'], 'fd00::1', '2001:db8::5')).toBe('2001:db8::5');
  expect(from(['127.0.0.1'], '::ffff:127.0.0.1', '198.51.100.1')).toBe('198.51.100.1');
  for (const written of [
    '::ffff:c633:6401',
    '0:0:0:0:0:ffff:c633:6401',
    '::FFFF:198.51.100.1',
    '0:0:0:0:0:ffff:198.51.100.1',
  ])
    expect(from(['::ffff:7f00:1', '127.0.0.1'], '::ffff:7f00:1', written)).toBe('198.51.100.1');
  expect(from(['127.0.0.1'], '127.0.0.1', '::ffff:1:c633:6401')).toBe('::ffff:1:c633:6401');
});
