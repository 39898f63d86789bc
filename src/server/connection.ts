import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type MillraceError, resourceError, toMillraceError, userError } from '../common/errors.js';
import type { Session } from '../session/session.js';
import { authenticate } from './authentication.js';
import { ParameterStatusReporter } from './parameter-status.js';
import {
  writeAuthenticationOk,
  writeBackendKeyData,
  writeErrorResponse,
  writeNegotiateProtocolVersion,
  writeNoticeResponse,
  writeReadyForQuery,
} from './protocol/backend-messages.js';
import { toErrorFields } from './protocol/error-fields.js';
import type { RegularMessage, StartupMessage } from './protocol/frontend-messages.js';
import type { ScramVerifier } from './protocol/scram.js';
import { NEWEST_VERSION, type StartupAction, StartupNegotiation } from './protocol/startup-negotiation.js';
import { QueryProtocol } from './query-protocol.js';
import type { OpenSession } from './server-options.js';
import { SocketChannel } from './socket-channel.js';

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly secureContext: SecureContext | undefined;
  readonly verifier: ScramVerifier | undefined;
  readonly maxMessageBytes: number;
  readonly authenticationTimeoutMs: number;
  readonly openSession: OpenSession;
  /** False when all places are taken. */
  admit(connection: Connection): boolean;
  cancel(processId: number, secretKey: Uint8Array): void;
  onBug(error: unknown): void;
}

type StartAction = Extract<StartupAction, { kind: 'start' }>;

/** One client, from its first byte to its last. `run` ends when the connection does, and never rejects. */
export class Connection {
  readonly processId: number;
  private readonly host: ConnectionHost;
  private readonly channel: SocketChannel;
  private secretKey: Buffer = Buffer.alloc(0);
  private session: Session | undefined;
  /** A message is being carried out. */
  private isBusy = false;

  constructor(socket: Socket, processId: number, host: ConnectionHost) {
    this.processId = processId;
    this.host = host;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    this.channel = new SocketChannel(socket, host.maxMessageBytes, () => this.session?.cancel());
  }

  async run(): Promise<void> {
    const timer = setTimeout(() => this.channel.destroy(), this.host.authenticationTimeoutMs);
    try {
      const start = await this.negotiate();
      if (start !== undefined && (await this.logIn(start))) {
        clearTimeout(timer);
        await this.serve(start.request.user);
      }
    } catch (error) {
      this.reportFatal(error);
    } finally {
      clearTimeout(timer);
      await this.session?.close().catch((error: unknown) => this.host.onBug(error));
      await this.channel.end();
    }
  }

  hasSecretKey(secretKey: Uint8Array): boolean {
    return secretKey.length === this.secretKey.length && timingSafeEqual(secretKey, this.secretKey);
  }

  /** Between messages a request to cancel comes too late: suspended portals are not touched. */
  cancel(): void {
    if (this.isBusy) this.session?.cancel();
  }

  /** After the statement that runs now, if any, the client gets `error` and the connection ends. */
  interrupt(error: MillraceError): void {
    this.channel.interrupt(error);
  }

  destroy(): void {
    this.session?.cancel();
    this.channel.destroy();
  }

  /** Up to the start-up packet; undefined when there is nothing to start. */
  private async negotiate(): Promise<StartAction | undefined> {
    const negotiation = new StartupNegotiation(this.host.secureContext !== undefined);
    for (;;) {
      const message = (await this.channel.read()) as StartupMessage | undefined;
      if (message === undefined) return undefined;
      const action = negotiation.next(message);
      if (action.kind === 'start') return action;
      if (action.kind === 'cancel') {
        this.host.cancel(action.processId, action.secretKey);
        return undefined;
      }
      // Bytes sent in the clear behind the request must not be taken for encrypted ones (CVE-2021-23214).
      if (action.byte === 'S' && this.channel.hasBufferedInput) {
        throw userError('08P01', 'received unencrypted data after SSL request');
      }
      await this.channel.send(Buffer.from(action.byte));
      if (action.byte === 'S') this.channel.upgrade(this.host.secureContext!);
    }
  }

  /** Admission, password, session, greeting; false when the client left instead. */
  private async logIn({ request, minor, negotiate, unknownOptions }: StartAction): Promise<boolean> {
    const { channel, host } = this;
    const { writer } = channel;
    channel.phase = 'authentication';
    if (negotiate) writeNegotiateProtocolVersion(writer, NEWEST_VERSION, unknownOptions);
    if (!host.admit(this)) throw resourceError('53300', 'sorry, too many clients already');
    if (host.verifier !== undefined && !(await authenticate(channel, request.user, host.verifier))) return false;
    channel.phase = 'regular';
    const session = await host.openSession(request);
    this.session = session;
    if (channel.isLost) return false;
    for (const [name, value] of request.settings) session.settings.set(name, value);
    this.secretKey = randomBytes(minor >= 2 ? 32 : 4);
    writeAuthenticationOk(writer);
    return true;
  }

  private async serve(user: string): Promise<void> {
    const { channel } = this;
    const session = this.session!;
    const status = new ParameterStatusReporter(session, user);
    session.onNotice((notice) => writeNoticeResponse(channel.writer, notice));
    const writeReady = (): void => {
      status.report(channel.writer);
      writeReadyForQuery(channel.writer, session.transactionStatus);
    };
    const protocol = new QueryProtocol(session, channel, writeReady, (error) => this.noteBug(error));
    status.report(channel.writer);
    writeBackendKeyData(channel.writer, this.processId, this.secretKey);
    writeReady();
    try {
      for (;;) {
        const message = (await channel.read()) as RegularMessage | undefined;
        if (message === undefined || message.kind === 'terminate') return;
        this.isBusy = true;
        await protocol.handle(message);
        this.isBusy = false;
      }
    } finally {
      await protocol.closePortals();
    }
  }

  private reportFatal(error: unknown): void {
    this.noteBug(error);
    if (!this.channel.isLost) writeErrorResponse(this.channel.writer, toErrorFields(error, 'FATAL'));
  }

  private noteBug(error: unknown): void {
    if (toMillraceError(error).kind === 'bug') this.host.onBug(error);
  }
}
