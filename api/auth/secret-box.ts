import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what must be stored and read again (AES-256-GCM). What it seals opens only for the same owner. */
export interface SecretBox {
  seal(text: string, owner: string): string;
  /** @returns `undefined` for what was sealed with another key, for somebody else, or was changed */
  open(sealed: string, owner: string): string | undefined;
  /** What everything begins with that is sealed with the key in use. */
  prefix: string;
}

interface SecretBoxOptions {
  /** Keys are derived from it (HKDF, RFC 5869). */
  secret: string;
  /** These still open, while the secret is being changed. */
  others: readonly (string | undefined)[];
}

const cipher = 'aes-256-gcm';
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

export function createSecretBox({ secret, others }: SecretBoxOptions): SecretBox {
  const keys = [secret, ...others.filter((other) => other !== undefined)].map(keyOf);
  const [current = keyOf(secret)] = keys;
  return {
    prefix: current.prefix,
    seal(text, owner) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, current.key, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, sealing.update(text), sealing.final(), sealing.getAuthTag()]);
      return current.prefix + sealed.toString('base64url');
    },
    open(sealed, owner) {
      const found = keys.find(({ prefix }) => sealed.startsWith(prefix));
      return found && opened(found.key, Buffer.from(sealed.slice(found.prefix.length), 'base64url'), owner);
    },
  };
}

function opened(key: Buffer, sealed: Buffer, owner: string): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(-tagBytes));
  try {
    return opening.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8');
  } catch {
    return undefined;
  }
}

/** The prefix names the key by a hash, so that it is known which key opens what. */
function keyOf(secret: string): { key: Buffer; prefix: string } {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'nexus stored secrets', 32));
  const name = createHash('sha256').update(key).digest('base64url').slice(0, 8);
  return { key, prefix: `${version}.${name}.` };
}
