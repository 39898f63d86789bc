import type { AstNode, AstRange } from './ast-node.js';
import type { CopyStatement } from './copy-statement.js';
import type {
  AlterTableStatement,
  AnalyzeStatement,
  CommentStatement,
  CreateIndexStatement,
  CreateSchemaStatement,
  CreateTableAsStatement,
  CreateTableStatement,
  CreateViewStatement,
  DropIndexStatement,
  DropStatement,
  IdleStatement,
  OptimizeStatement,
  RenameColumnStatement,
  RenameTableStatement,
  SetSchemaStatement,
  TruncateStatement,
} from './definition-statement.js';
import type { ExplainStatement } from './explain-statement.js';
import type { CreateFunctionStatement, DropFunctionStatement } from './function-statement.js';
import type { InsertStatement } from './insert-statement.js';
import type { DeleteStatement, MergeStatement, UpdateStatement } from './modify-statement.js';
import type {
  CloseCursorStatement,
  DeallocateStatement,
  DeclareCursorStatement,
  ExecuteStatement,
  FetchCursorStatement,
  PrepareStatement,
} from './prepared-statement.js';
import type { Query } from './query.js';
import type {
  DescribeStatement,
  DiscardStatement,
  ListenStatement,
  NotifyStatement,
  ResetStatement,
  SetStatement,
  ShowObjectsStatement,
  ShowSettingStatement,
  ShowTableStatement,
  SummarizeStatement,
  UnlistenStatement,
  UseStatement,
} from './session-statement.js';
import type {
  BeginStatement,
  CommitStatement,
  ReleaseStatement,
  RollbackStatement,
  SavepointStatement,
  SetTransactionStatement,
} from './transaction-statement.js';

/** SELECT, VALUES, TABLE or WITH at the top. */
export interface QueryStatement extends AstNode, AstRange {
  readonly kind: 'queryStatement';
  readonly query: Query;
}

/** Every statement. Its text is `sql.slice(position, end)`, without the semicolon and surrounding space. */
export type Statement =
  | QueryStatement
  | InsertStatement
  | DeleteStatement
  | UpdateStatement
  | MergeStatement
  | CopyStatement
  | CreateSchemaStatement
  | CreateTableStatement
  | CreateTableAsStatement
  | CreateViewStatement
  | DropStatement
  | CreateIndexStatement
  | DropIndexStatement
  | IdleStatement
  | CreateFunctionStatement
  | DropFunctionStatement
  | RenameTableStatement
  | RenameColumnStatement
  | SetSchemaStatement
  | AlterTableStatement
  | CommentStatement
  | TruncateStatement
  | OptimizeStatement
  | AnalyzeStatement
  | ExplainStatement
  | SetStatement
  | ResetStatement
  | ShowSettingStatement
  | ShowObjectsStatement
  | ShowTableStatement
  | DescribeStatement
  | SummarizeStatement
  | UseStatement
  | DiscardStatement
  | ListenStatement
  | UnlistenStatement
  | NotifyStatement
  | BeginStatement
  | CommitStatement
  | RollbackStatement
  | SavepointStatement
  | ReleaseStatement
  | SetTransactionStatement
  | PrepareStatement
  | ExecuteStatement
  | DeallocateStatement
  | DeclareCursorStatement
  | FetchCursorStatement
  | CloseCursorStatement;
