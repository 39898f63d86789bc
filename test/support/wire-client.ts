import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { serialize } from 'pg-protocol';
import { Parser } from 'pg-protocol/dist/parser.js';

export interface Received {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A client of messages, for what drivers do not do: pg-protocol over a bare socket. */
export class WireClient {
  readonly socket: Socket;
  readonly received: Received[] = [];
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    const parser = new Parser();
    this.socket.on('data', (bytes: Buffer) => {
      parser.parse(bytes, (message) => this.received.push(message as unknown as Received));
      this.wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  static async open(port: number, parameters: Record<string, string> = {}): Promise<WireClient> {
    const client = new WireClient(port);
    client.send(serialize.startup({ user: 'ann', database: 'lake', ...parameters }));
    await client.until('readyForQuery');
    return client;
  }

  send(...messages: Uint8Array[]): void {
    this.socket.write(Buffer.concat(messages));
  }

  /** Messages up to the first with this name, or up to the end of the connection. */
  async until(name: string): Promise<Received[]> {
    for (;;) {
      const index = this.received.findIndex((message) => message.name === name);
      if (index >= 0) return this.received.splice(0, index + 1);
      if (this.closed) return this.received.splice(0);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.socket.end(serialize.end());
    await once(this.socket, 'close');
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
