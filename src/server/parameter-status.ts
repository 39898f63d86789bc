import type { Session } from '../session/session.js';
import { writeParameterStatus } from './protocol/backend-messages.js';
import type { MessageWriter } from './protocol/message-writer.js';

/** Fixed: psql shapes its catalog queries by it. */
const SERVER_VERSION = '15.13';

/** What clients are told, at start and after changes; the values are for settings that the session does not have. */
const REPORTED: Readonly<Record<string, string>> = {
  server_version: SERVER_VERSION,
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
  application_name: '',
  is_superuser: 'off',
  session_authorization: '',
  default_transaction_read_only: 'off',
  in_hot_standby: 'off',
};

/** Keeps a client's picture of the session's settings up to date. */
export class ParameterStatusReporter {
  private readonly session: Session;
  private readonly user: string;
  private readonly told = new Map<string, string>();
  private dirty = true;

  constructor(session: Session, user: string) {
    this.session = session;
    this.user = user;
    session.settings.onChange(() => {
      this.dirty = true;
    });
  }

  /** Writes a ParameterStatus for each setting that differs from what was told last. */
  report(writer: MessageWriter): void {
    if (!this.dirty) return;
    this.dirty = false;
    for (const [name, fallback] of Object.entries(REPORTED)) {
      const value = this.session.settings.get(name) ?? (name === 'session_authorization' ? this.user : fallback);
      if (this.told.get(name) === value) continue;
      this.told.set(name, value);
      writeParameterStatus(writer, name, value);
    }
  }
}
