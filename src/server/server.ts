import { randomInt } from 'node:crypto';
import { createServer, isIP, type Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import { resourceError, userError } from '../common/errors.js';
import { Connection, type ConnectionHost } from './connection.js';
import { createScramVerifier } from './protocol/scram.js';
import type { OpenSession, RunningServer, ServerOptions } from './server-options.js';

export const DEFAULT_PORT = 5433;
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_MAX_CONNECTIONS = 100;
const DEFAULT_MAX_MESSAGE_BYTES = 64 * 2 ** 20;
const DEFAULT_AUTHENTICATION_TIMEOUT_MS = 60_000;
const DEFAULT_GRACE_MS = 5000;

/** Listens for Postgres clients; each gets a session. Rejects when it may not or cannot listen. */
export async function startServer(options: ServerOptions, openSession: OpenSession): Promise<RunningServer> {
  const host = options.host ?? DEFAULT_HOST;
  if (!isLoopback(host) && !options.password) {
    throw userError('28000', `refusing to listen on ${host} without a password`, {
      detail: 'Whoever reaches the port could read and overwrite the lake.',
      hint: `Set a password, or listen on ${DEFAULT_HOST}.`,
    });
  }
  const connections = new ConnectionTable(options, openSession);
  const server = createServer({ allowHalfOpen: true }, (socket) => connections.accept(socket));
  // Cancel requests and refusals need a place, too.
  server.maxConnections = 2 * connections.maxConnections + 10;
  const port = await listen(server, host, options.port ?? DEFAULT_PORT);
  return {
    host,
    port,
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await connections.close(graceMs);
      await closed;
    },
  };
}

/** All clients of a server, by process id. */
class ConnectionTable implements ConnectionHost {
  readonly secureContext: ConnectionHost['secureContext'];
  readonly verifier: ConnectionHost['verifier'];
  readonly maxMessageBytes: number;
  readonly authenticationTimeoutMs: number;
  readonly openSession: OpenSession;
  readonly maxConnections: number;
  private readonly options: ServerOptions;
  private readonly running = new Map<Connection, Promise<void>>();
  private readonly admitted = new Map<number, Connection>();

  constructor(options: ServerOptions, openSession: OpenSession) {
    this.options = options;
    this.openSession = openSession;
    this.secureContext = options.tls === undefined ? undefined : createSecureContext(options.tls);
    this.verifier = options.password ? createScramVerifier(options.password) : undefined;
    this.maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
    this.authenticationTimeoutMs = options.authenticationTimeoutMs ?? DEFAULT_AUTHENTICATION_TIMEOUT_MS;
    this.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  }

  accept(socket: ConstructorParameters<typeof Connection>[0]): void {
    const connection = new Connection(socket, this.createProcessId(), this);
    const run = connection.run().finally(() => {
      this.running.delete(connection);
      if (this.admitted.get(connection.processId) === connection) this.admitted.delete(connection.processId);
    });
    this.running.set(connection, run);
  }

  admit(connection: Connection): boolean {
    if (this.admitted.size >= this.maxConnections) return false;
    this.admitted.set(connection.processId, connection);
    return true;
  }

  cancel(processId: number, secretKey: Uint8Array): void {
    const connection = this.admitted.get(processId);
    if (connection?.hasSecretKey(secretKey)) connection.cancel();
  }

  onBug(error: unknown): void {
    this.options.onBug?.(error);
  }

  async close(graceMs: number): Promise<void> {
    for (const connection of this.running.keys()) {
      connection.interrupt(resourceError('57P01', 'terminating connection due to administrator command'));
    }
    const all = Promise.all(this.running.values());
    const timer = setTimeout(() => {
      for (const connection of this.running.keys()) connection.destroy();
    }, graceMs);
    await all;
    clearTimeout(timer);
  }

  private createProcessId(): number {
    for (;;) {
      const processId = randomInt(1, 2 ** 31 - 1);
      if (!this.admitted.has(processId)) return processId;
    }
  }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = error.code === 'EADDRINUSE' ? 'Another server uses it: choose another with --port.' : undefined;
      reject(resourceError('58030', `cannot listen on ${host}:${port}: ${error.message}`, { hint, cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
