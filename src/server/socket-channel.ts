import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { type MillraceError, resourceError } from '../common/errors.js';
import { type DecoderPhase, FrontendDecoder } from './protocol/frontend-decoder.js';
import type { FrontendMessage } from './protocol/frontend-messages.js';
import { MessageWriter } from './protocol/message-writer.js';

/** What a client may send ahead while a statement runs, before we stop reading from it. */
const READ_AHEAD_BYTES = 1 << 20;
/** Small messages are gathered up to this size, then written. */
const WRITE_AHEAD_BYTES = 64 * 1024;

/**
 * Messages in and out of a socket. Reading goes on while a statement runs, up to a bound, so that a client that is gone
 * is noticed; writing waits until the socket has drained.
 */
export class SocketChannel {
  readonly writer: MessageWriter = new MessageWriter();
  private readonly decoder: FrontendDecoder;
  private socket: Socket;
  private wake: (() => void) | undefined;
  private ended = false;
  private closed = false;
  /** Input ended without a Terminate: what is still queued is not carried out. */
  private abandoned = false;
  private drained: (() => void) | undefined;
  private interruption: MillraceError | undefined;
  private readonly onLost: () => void;

  /** `onLost` is called when the client goes without having said so. */
  constructor(socket: Socket, maxMessageBytes: number, onLost: () => void) {
    this.socket = socket;
    this.onLost = onLost;
    this.decoder = new FrontendDecoder(maxMessageBytes);
    this.attach(socket);
  }

  get isLost(): boolean {
    return this.closed;
  }

  get hasBufferedInput(): boolean {
    return this.decoder.bufferedBytes > 0;
  }

  set phase(phase: DecoderPhase) {
    this.decoder.phase = phase;
  }

  /** The next message; undefined at the end of input. Throws what makes the stream unreadable, and interruptions. */
  async read(): Promise<FrontendMessage | undefined> {
    for (;;) {
      if (this.interruption !== undefined) throw this.interruption;
      if (this.closed || this.abandoned) return undefined;
      const message = this.decoder.next();
      if (message !== undefined || this.ended) return message;
      await this.flush();
      if (this.ended || this.closed || this.interruption !== undefined) continue;
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.socket.resume();
      await woken;
    }
  }

  /** Makes the read that waits now, or the next one, throw `error`. */
  interrupt(error: MillraceError): void {
    this.interruption ??= error;
    this.wakeUp();
  }

  async flush(): Promise<void> {
    if (this.writer.byteLength > 0) await this.write(this.writer.take());
  }

  async flushIfLarge(): Promise<void> {
    if (this.writer.byteLength >= WRITE_AHEAD_BYTES) await this.flush();
  }

  /** Whole messages that were encoded elsewhere, after what the writer holds. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.writer.byteLength > 0) {
      this.socket.cork();
      const head = this.writer.take();
      if (!this.closed) this.socket.write(head);
      const written = this.write(bytes);
      this.socket.uncork();
      return written;
    }
    return this.write(bytes);
  }

  /** Goes on in TLS, the socket's side being the server's. The answer to SSLRequest has to be flushed. */
  upgrade(secureContext: SecureContext): void {
    const plain = this.socket;
    for (const event of ['data', 'end', 'close', 'drain', 'error']) plain.removeAllListeners(event);
    // An error of the plain socket reaches the TLS one, too.
    plain.on('error', () => undefined);
    const encrypted = new TLSSocket(plain, { isServer: true, secureContext });
    this.socket = encrypted;
    this.attach(encrypted);
  }

  /** Writes what is left and closes. */
  async end(): Promise<void> {
    if (this.closed) return;
    const rest = this.writer.take();
    await new Promise<void>((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.end(rest);
      // Whatever the client still sends is dropped; it has a moment to close its side.
      this.socket.resume();
      setTimeout(() => this.socket.destroy(), 500).unref();
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  private attach(socket: Socket): void {
    socket.on('data', (piece: Buffer) => {
      this.decoder.push(piece);
      if (this.wake === undefined && this.decoder.bufferedBytes > READ_AHEAD_BYTES) socket.pause();
      this.wakeUp();
    });
    socket.on('end', () => {
      this.ended = true;
      if (!this.decoder.endsWith(TERMINATE)) {
        this.abandoned = true;
        this.onLost();
      }
      this.wakeUp();
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => {
      this.closed = true;
      this.onLost();
      this.wakeUp();
      this.drained?.();
    });
    socket.on('drain', () => this.drained?.());
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (!this.closed && !this.socket.write(bytes) && !this.closed) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
      this.drained = undefined;
    }
    if (this.closed) throw resourceError('08006', 'the connection to the client was lost');
  }

  private wakeUp(): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}

/** Five fixed bytes, and nothing comes after them. */
const TERMINATE: Buffer = Buffer.from([0x58, 0, 0, 0, 4]);
