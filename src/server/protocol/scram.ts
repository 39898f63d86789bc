import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { userError } from '../../common/errors.js';

/** SCRAM-SHA-256, the server's half (RFC 5802, RFC 7677), without channel binding. */
export const SCRAM_MECHANISM = 'SCRAM-SHA-256';

const ITERATIONS = 4096;

/** What a server keeps of a password. */
export interface ScramVerifier {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Takes a few milliseconds: once a server. */
export function createScramVerifier(password: string, salt: Buffer = randomBytes(16)): ScramVerifier {
  // SASLprep (RFC 4013) is NFKC for all but exotic characters, which it forbids.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/** One exchange: `start` with the client's first message, then `finish` with its second. */
export class ScramExchange {
  private readonly verifier: ScramVerifier;
  private readonly nonce: string;
  private header = '';
  private clientFirstBare = '';
  private serverFirst = '';
  private fullNonce = '';

  constructor(verifier: ScramVerifier, nonce: string = randomBytes(18).toString('base64')) {
    this.verifier = verifier;
    this.nonce = nonce;
  }

  /** Returns the server's first message. The user name in the client's is empty by PostgreSQL's convention and ignored. */
  start(clientFirst: string): string {
    const match = /^((?:n|y),(?:a=[^,]*)?,)((?:m=[^,]*,)?n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/.exec(clientFirst);
    if (match === null) {
      const hint = clientFirst.startsWith('p=') ? 'Set channel_binding to "prefer" or "disable".' : undefined;
      throw userError('08P01', 'malformed SCRAM message', { hint });
    }
    this.header = match[1]!;
    this.clientFirstBare = match[2]!;
    this.fullNonce = match[3]! + this.nonce;
    const { salt, iterations } = this.verifier;
    this.serverFirst = `r=${this.fullNonce},s=${salt.toString('base64')},i=${iterations}`;
    return this.serverFirst;
  }

  /** Returns the server's final message, or undefined for a wrong password. */
  finish(clientFinal: string): string | undefined {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal);
    if (match === null) throw userError('08P01', 'malformed SCRAM message');
    const [, withoutProof = '', binding = '', nonce, proofText = ''] = match;
    if (Buffer.from(binding, 'base64').toString('latin1') !== this.header || nonce !== this.fullNonce) {
      throw userError('08P01', 'malformed SCRAM message', { detail: 'Channel binding or nonce does not match.' });
    }
    const { storedKey, serverKey } = this.verifier;
    const message = `${this.clientFirstBare},${this.serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, message);
    const proof = Buffer.from(proofText, 'base64');
    if (proof.length !== signature.length) return undefined;
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ signature[index]!));
    if (!timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey)) return undefined;
    return `v=${hmac(serverKey, message).toString('base64')}`;
  }
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
