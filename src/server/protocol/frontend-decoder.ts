import { resourceError, userError } from '../../common/errors.js';
import { decodeRegularMessage, decodeStartupMessage, type FrontendMessage } from './frontend-messages.js';

/** Before a client is authenticated none of its messages may be longer. */
const MAX_UNAUTHENTICATED_BYTES = 10_000;

/** `startup`: packets without a type byte. `authentication`: small messages. `regular`: up to the limit given. */
export type DecoderPhase = 'startup' | 'authentication' | 'regular';

const NONE = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into messages, in whatever pieces it comes. Memory is bounded by the length a message may
 * have; an error from `next` means that the stream cannot be followed any further.
 */
export class FrontendDecoder {
  phase: DecoderPhase = 'startup';
  private pieces: Buffer[] = [];
  private available = 0;
  private readonly maxMessageBytes: number;

  constructor(maxMessageBytes: number) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Bytes that came and are not yet part of a message that `next` returned. */
  get bufferedBytes(): number {
    return this.available;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.pieces.push(piece);
    this.available += piece.length;
  }

  /** The next whole message; undefined when more bytes are needed. */
  next(): FrontendMessage | undefined {
    const typeBytes = this.phase === 'startup' ? 0 : 1;
    if (this.available < typeBytes + 4) return undefined;
    const header = this.peek(typeBytes + 4);
    const byteLength = header.readInt32BE(typeBytes);
    this.checkLength(byteLength);
    if (this.available < typeBytes + byteLength) return undefined;
    const message = this.consume(typeBytes + byteLength);
    const body = message.subarray(typeBytes + 4);
    if (typeBytes === 0) return decodeStartupMessage(body);
    return decodeRegularMessage(String.fromCharCode(message[0]!), body);
  }

  /** Whether what came last, and has not been decoded, is `message`. */
  endsWith(message: Buffer): boolean {
    if (this.available < message.length) return false;
    const joined = this.peek(this.available);
    return joined.subarray(joined.length - message.length).equals(message);
  }

  private checkLength(byteLength: number): void {
    if (this.phase === 'startup') {
      if (byteLength < 8 || byteLength > MAX_UNAUTHENTICATED_BYTES) {
        throw userError('08P01', 'invalid length of startup packet');
      }
      return;
    }
    if (byteLength < 4) throw userError('08P01', 'invalid message length');
    const limit = this.phase === 'authentication' ? MAX_UNAUTHENTICATED_BYTES : this.maxMessageBytes;
    if (byteLength <= limit) return;
    if (this.phase === 'authentication') throw userError('08P01', 'invalid message length');
    throw resourceError('54000', `a message of ${byteLength} bytes exceeds the limit of ${limit}`);
  }

  /** At least `byteLength` bytes in one piece. */
  private peek(byteLength: number): Buffer {
    const first = this.pieces[0] ?? NONE;
    if (first.length >= byteLength) return first;
    const joined = Buffer.concat(this.pieces);
    this.pieces = [joined];
    return joined;
  }

  private consume(byteLength: number): Buffer {
    const piece = this.peek(byteLength);
    if (piece.length === byteLength) this.pieces.shift();
    else this.pieces[0] = piece.subarray(byteLength);
    this.available -= byteLength;
    return piece.subarray(0, byteLength);
  }
}
