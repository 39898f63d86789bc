import type { Expression } from '../ast/expression.js';
import type { QualifiedName } from '../ast/identifier.js';
import type { PartitionClause, PartitionEntry } from '../ast/insert-statement.js';
import type { DeleteStatement } from '../ast/modify-statement.js';
import * as T from '../tokens/token-types.js';
import { CreateTableParser } from './create-table-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

/** PARTITION (…), and the statements of Spark that take partitions away. */
export abstract class PartitionParser extends CreateTableParser {
  readonly partitionClause: Rule<PartitionClause> = this.RULE('partitionClause', () =>
    this.OR<PartitionClause>([
      {
        ALT: () => {
          const position = this.CONSUME(K.all).startOffset;
          this.CONSUME(K.partitions);
          return { kind: 'partitionClause', all: true, entries: [], position };
        },
      },
      {
        ALT: () => {
          const entries: PartitionEntry[] = [];
          const position = this.CONSUME(K.partition).startOffset;
          this.CONSUME(T.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => entries.push(this.SUBRULE(this.partitionEntry)) });
          this.CONSUME(T.RParen);
          return { kind: 'partitionClause', all: false, entries, position };
        },
      },
    ]),
  );

  readonly partitionEntry: Rule<PartitionEntry> = this.RULE('partitionEntry', (): PartitionEntry => {
    const column = this.SUBRULE(this.name);
    const value = this.OPTION<Expression>(() => {
      this.CONSUME(T.Equal);
      return this.SUBRULE(this.expression);
    });
    return { kind: 'partitionEntry', column, value, position: column.position };
  });

  /** `PARTITION (…), …` of `DROP PARTITION` and `TRUNCATE TABLE t PARTITION`, which are a DELETE of their rows. */
  readonly deletedPartitions: Rule<Expression> = this.RULE('deletedPartitions', (): Expression => {
    const partitions: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const clause = this.SUBRULE(this.partitionClause);
        this.ACTION(() => partitions.push(this.rowsOf(clause)));
      },
    });
    const [first] = partitions;
    if (partitions.length === 1) return first as Expression;
    return { kind: 'logical', operator: 'or', operands: partitions, position: first?.position as number };
  });

  private rowsOf({ all, entries, position }: PartitionClause): Expression {
    if (all) return { kind: 'booleanLiteral', value: true, position };
    const operands = entries.map(({ column, value, position: at }): Expression => {
      if (value === undefined) this.rejectAt(at, `Give column "${column.name}" a value.`);
      const left: Expression = { kind: 'columnReference', parts: [column], position: at };
      return { kind: 'isDistinctFrom', left, right: value, negated: true, position: at };
    });
    return operands.length === 1 ? operands[0]! : { kind: 'logical', operator: 'and', operands, position };
  }

  protected deleteFrom(table: QualifiedName, where: Expression, position: number): DeleteStatement {
    const nothing = { with: undefined, alias: undefined, others: [], returning: undefined } as const;
    return { kind: 'delete', ...nothing, table, where, position, end: this.behind() };
  }
}
