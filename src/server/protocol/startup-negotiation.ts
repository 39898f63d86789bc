import { userError } from '../../common/errors.js';
import type { StartupMessage } from './frontend-messages.js';

/** The newest protocol that we speak: 3.2. */
const NEWEST_MINOR = 2;
export const NEWEST_VERSION: number = (3 << 16) | NEWEST_MINOR;

export interface StartupRequest {
  readonly user: string;
  /** Any name is accepted: a server has one lake. */
  readonly database: string;
  /** Settings by name, as in SET: from `options` and from the other start-up parameters. */
  readonly settings: ReadonlyMap<string, string>;
}

export type StartupAction =
  /** Answer with this byte; after 'S' the stream goes on in TLS. */
  | { readonly kind: 'answer'; readonly byte: 'S' | 'N' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secretKey: Uint8Array }
  | {
      readonly kind: 'start';
      readonly request: StartupRequest;
      readonly minor: number;
      /** Send NegotiateProtocolVersion with these options. */
      readonly negotiate: boolean;
      readonly unknownOptions: readonly string[];
    };

/**
 * The state machine before authentication: encryption may be asked for once each way, then comes a start-up packet or
 * a cancel request.
 */
export class StartupNegotiation {
  private readonly tlsAvailable: boolean;
  private askedSsl = false;
  private askedGss = false;

  constructor(tlsAvailable: boolean) {
    this.tlsAvailable = tlsAvailable;
  }

  next(message: StartupMessage): StartupAction {
    switch (message.kind) {
      case 'ssl-request':
        if (this.askedSsl) throw unsupportedVersion(1234, 5679);
        this.askedSsl = true;
        return { kind: 'answer', byte: this.tlsAvailable ? 'S' : 'N' };
      case 'gss-request':
        if (this.askedGss) throw unsupportedVersion(1234, 5680);
        this.askedGss = true;
        return { kind: 'answer', byte: 'N' };
      case 'cancel-request':
        return { kind: 'cancel', processId: message.processId, secretKey: message.secretKey };
      case 'startup': {
        if (message.major !== 3) throw unsupportedVersion(message.major, message.minor);
        const unknownOptions = [...message.parameters.keys()].filter((name) => name.startsWith('_pq_.'));
        return {
          kind: 'start',
          request: readStartupRequest(message.parameters),
          minor: Math.min(message.minor, NEWEST_MINOR),
          negotiate: message.minor > NEWEST_MINOR || unknownOptions.length > 0,
          unknownOptions,
        };
      }
    }
  }
}

function unsupportedVersion(major: number, minor: number): Error {
  return userError(
    '0A000',
    `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.${NEWEST_MINOR}`,
  );
}

function readStartupRequest(parameters: ReadonlyMap<string, string>): StartupRequest {
  const user = parameters.get('user');
  if (!user) throw userError('28000', 'no PostgreSQL user name specified in startup packet');
  const replication = parameters.get('replication');
  if (replication !== undefined && !/^(?:off|false|no|0)$/i.test(replication)) {
    throw userError('0A000', 'replication connections are not supported');
  }
  const settings = new Map<string, string>(parseOptions(parameters.get('options') ?? ''));
  for (const [name, value] of parameters) {
    if (['user', 'database', 'options', 'replication'].includes(name) || name.startsWith('_pq_.')) continue;
    // asyncpg sends client_encoding='utf-8', quotes included.
    settings.set(name, name === 'client_encoding' ? value.replace(/^'(.*)'$/, '$1') : value);
  }
  return { user, database: parameters.get('database') || user, settings };
}

/** `-c name=value` and `--name=value`, separated by spaces; a backslash escapes the next character. */
export function parseOptions(options: string): [string, string][] {
  const words = (options.match(/(?:\\.|[^\s\\])+/gs) ?? []).map((word) => word.replace(/\\(.)/gs, '$1'));
  const settings: [string, string][] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    let assignment: string | undefined;
    if (word === '-c') assignment = words[++index];
    else if (word.startsWith('-c')) assignment = word.slice(2);
    else if (word.startsWith('--')) assignment = word.slice(2);
    const match = /^([^=]+)=(.*)$/s.exec(assignment ?? '');
    if (match === null) throw userError('42601', `invalid command-line argument for server process: ${word}`);
    settings.push([match[1]!.replaceAll('-', '_'), match[2]!]);
  }
  return settings;
}
