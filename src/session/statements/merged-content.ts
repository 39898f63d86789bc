import type { TableRelation } from '../../catalog/table-snapshot.js';
import { bugError } from '../../common/errors.js';
import { quoteIdentifier } from '../../functions/scalar/text/quoting.js';
import type * as Ast from '../../parser/index.js';
import { parseStatement } from '../../parser/index.js';
import { KEPT, type KeptRows, keptColumn } from './kept-rows.js';
import * as make from './make-syntax.js';
import { ACTION, actionsOf, TARGET_ROW } from './merge-rows.js';

const action = `${quoteIdentifier(KEPT)}.${quoteIdentifier(ACTION)}`;
const targetRow = `${quoteIdentifier(KEPT)}.${quoteIdentifier(TARGET_ROW)}`;

type Change = 'update' | 'delete' | 'insert';

/** Queries of the rows of a MERGE that were kept. */
export class MergedContent {
  private readonly from: string;
  private readonly columns: string;
  private readonly actions: ReturnType<typeof actionsOf>;

  constructor(statement: Ast.MergeStatement, { columns }: TableRelation, { name }: KeptRows) {
    this.from = `${name.parts.map((part) => quoteIdentifier(part.name)).join('.')} as ${quoteIdentifier(KEPT)}`;
    this.columns = columns.map((column) => quoteIdentifier(column.name)).join(', ');
    this.actions = actionsOf(statement);
  }

  get isChanged(): Ast.Expression {
    return make.isOneOf(keptColumn(ACTION), this.numbersOf('update', 'delete', 'insert'));
  }

  changes(): Ast.Query {
    return queryOf(`select count(*) from ${this.from} where ${this.doneBy('update', 'delete', 'insert')}`);
  }

  /** Rows of the table that several rows of the source would change. */
  changedTwice(): Ast.Query {
    return this.repeated(this.doneBy('update', 'delete'));
  }

  /** Rows of the table that stand more than once in the join. */
  matchedTwice(): Ast.Query {
    return this.repeated(`${targetRow} is not null`);
  }

  /** All that is in these partitions now. `isRepeated`: rows of the table may stand several times in the join. */
  rows(isRepeated: boolean): Ast.Query {
    const { columns, from } = this;
    const unchanged = `not (${this.doneBy('update', 'delete', 'insert')}) and ${targetRow} is not null`;
    if (!isRepeated)
      return queryOf(`select ${columns} from ${from} where ${this.doneBy('update', 'insert')} or ${unchanged}`);
    const window = `over (partition by ${targetRow})`;
    const once = `select ${columns}, row_number() ${window} as "number of the row", bool_or(${this.doneBy('update', 'delete')}) ${window} as "is changed" from ${from} where ${targetRow} is not null`;
    const written = `select ${columns} from ${from} where ${this.doneBy('update', 'insert')}`;
    return queryOf(
      `${written} union all select ${columns} from (${once}) as q where "number of the row" = 1 and not "is changed"`,
    );
  }

  /** What merge_action() says. */
  get actionName(): Ast.Expression {
    const kinds = ['update', 'delete', 'insert'] as const;
    const branches = kinds.map(
      (kind) => [make.isOneOf(keptColumn(ACTION), this.numbersOf(kind)), make.text(kind.toUpperCase())] as const,
    );
    return make.cases(branches, { kind: 'nullLiteral', position: 0 });
  }

  private numbersOf(...kinds: readonly Change[]): readonly number[] {
    return kinds.flatMap((kind) => this.actions[kind]);
  }

  private doneBy(...kinds: readonly Change[]): string {
    const numbers = this.numbersOf(...kinds);
    return numbers.length === 0 ? 'false' : `${action} in (${numbers.join(', ')})`;
  }

  private repeated(condition: string): Ast.Query {
    return queryOf(
      `select count(*) from (select 1 from ${this.from} where ${condition} group by ${targetRow} having count(*) > 1) as q`,
    );
  }
}

function queryOf(text: string): Ast.Query {
  const statement = parseStatement(text);
  if (statement.kind !== 'queryStatement') throw bugError('not a query');
  return statement.query;
}
