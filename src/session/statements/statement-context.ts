import type { MillraceError } from '../../common/errors.js';
import type { WithClause } from '../../parser/index.js';
import type { Engine } from '../engine.js';
import type { EngineSession } from '../engine-session.js';
import type { CopyInput } from '../session.js';

/** What a statement may use. */
export interface StatementContext {
  readonly engine: Engine;
  readonly session: EngineSession;
  /** The text of the statement, and where it begins in the script: positions in the syntax tree count from there. */
  readonly sql: string;
  readonly sqlOffset: number;
  /** Tables of a WITH before the statement, which every query of it knows. */
  readonly commonTables?: WithClause | undefined;
  /** The client understands COPY TO STDOUT. */
  readonly takesCopies?: boolean | undefined;
  /** What it has sent for COPY FROM STDIN. */
  readonly copyInput?: CopyInput | undefined;
  /** What is to be called if the statement is cancelled while it is planned. */
  readonly onCancel?: ((cancel: (reason: MillraceError) => void) => void) | undefined;
}
