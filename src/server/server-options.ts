import type { Session } from '../session/session.js';
import type { StartupRequest } from './protocol/startup-negotiation.js';

export interface ServerOptions {
  /** 127.0.0.1 by default. Anything that is not loopback needs a password. */
  readonly host?: string | undefined;
  /** 5433 by default; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Asked of every client by SCRAM-SHA-256, whatever the user's name. */
  readonly password?: string | undefined;
  /** PEM texts; without them SSLRequest is answered with no. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** 100 by default. One more gets 53300. */
  readonly maxConnections?: number | undefined;
  /** The longest message of an authenticated client: 64 MiB by default. */
  readonly maxMessageBytes?: number | undefined;
  /** A client has this long to authenticate: 60,000 by default. */
  readonly authenticationTimeoutMs?: number | undefined;
  /** Told of errors that are ours (XX000), the ones worth a log line. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** Opens a session for a client that has been authenticated. What it throws goes to the client as FATAL. */
export type OpenSession = (request: StartupRequest) => Promise<Session>;

export interface RunningServer {
  readonly host: string;
  /** The port listened on, also when 0 was asked for. */
  readonly port: number;
  /**
   * Accepts nobody any more, tells idle clients (57P01), lets running statements finish for `graceMs` (5,000 by
   * default), then cancels them.
   */
  close(graceMs?: number): Promise<void>;
}
