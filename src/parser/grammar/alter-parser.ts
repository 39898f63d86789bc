import type { IToken } from 'chevrotain';
import { notSupportedError } from '../../common/errors.js';
import type { AlterAction, CheckConstraint, TableConstraint } from '../ast/definition-statement.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { Statement } from '../ast/statement.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { TableElement } from './column-definition-parser.js';
import type { Rule } from './parser-base.js';
import { PartitionParser } from './partition-parser.js';

const K = T.Keyword;

/** What stands between ALTER and what is altered. */
interface AlterHead {
  readonly target: 'table' | 'view';
  readonly name: QualifiedName;
  readonly ifExists: boolean;
  readonly position: number;
}

function constraintAction(constraint: TableConstraint | CheckConstraint): AlterAction {
  return constraint?.kind === 'checkConstraint'
    ? { kind: 'addCheck', check: constraint }
    : { kind: 'addConstraint', constraint };
}

/** ALTER TABLE and ALTER VIEW. */
export abstract class AlterParser extends PartitionParser {
  readonly alter: Rule<Statement> = this.RULE('alter', (): Statement => {
    const position = this.CONSUME(K.alter).startOffset;
    const target = this.OR<'table' | 'view'>([
      { ALT: () => this.CONSUME(K.table) && 'table' },
      { ALT: () => this.CONSUME(K.view) && 'view' },
    ]);
    const ifExists = this.SUBRULE(this.ifExists);
    const name: QualifiedName = this.SUBRULE(this.qualifiedName);
    const head: AlterHead = { target, name, ifExists, position };
    return this.OR1<Statement>([
      { ALT: () => this.SUBRULE(this.rename, { ARGS: [head] }) },
      { ALT: () => this.SUBRULE(this.setSchema, { ARGS: [head] }) },
      {
        GATE: () => this.dropsPartitions(),
        ALT: () => this.SUBRULE(this.dropPartitions, { ARGS: [head] }),
        IGNORE_AMBIGUITIES: true,
      },
      {
        GATE: () => this.commentsColumn(),
        ALT: () => this.SUBRULE(this.columnComment, { ARGS: [head] }),
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.alterTable, { ARGS: [head] }) },
    ]);
  });

  /** Not of a column that is called so. */
  private dropsPartitions(): boolean {
    if (this.LA(1).tokenType !== K.drop) return false;
    const at = this.LA(2).tokenType === K.if ? 4 : 2;
    return this.LA(at).tokenType === K.partition && this.LA(at + 1).tokenType === T.LParen;
  }

  /** `ALTER [COLUMN] c COMMENT`. */
  private commentsColumn(): boolean {
    if (this.LA(1).tokenType !== K.alter) return false;
    return this.LA(this.LA(2).tokenType === K.column ? 4 : 3).tokenType === K.comment;
  }

  /** Spark's `ALTER COLUMN c COMMENT 'text'` is COMMENT ON COLUMN. */
  readonly columnComment: Rule<Statement, [head: AlterHead]> = this.RULE(
    'columnComment',
    (head: AlterHead): Statement => {
      this.CONSUME(K.alter);
      this.OPTION(() => this.CONSUME(K.column));
      const column = this.SUBRULE(this.name);
      this.CONSUME(K.comment);
      const text = this.SUBRULE(this.stringLiteral);
      const end = this.behind();
      return this.ACTION((): Statement => {
        const { name, position } = head;
        const target = { ...name, parts: [...name.parts, column] };
        return { kind: 'comment', target: 'column', name: target, text: text.value, position, end };
      });
    },
  );

  readonly dropPartitions: Rule<Statement, [head: AlterHead]> = this.RULE('dropPartitions', (head: AlterHead) => {
    this.CONSUME(K.drop);
    this.SUBRULE(this.ifExists);
    const where = this.SUBRULE(this.deletedPartitions);
    return this.ACTION((): Statement => this.deleteFrom(head.name, where, head.position));
  });

  readonly rename: Rule<Statement, [head: AlterHead]> = this.RULE('rename', (head: AlterHead): Statement => {
    this.CONSUME(K.rename);
    const column = this.OPTION(() => {
      this.OPTION1(() => this.CONSUME(K.column));
      return this.SUBRULE(this.name);
    });
    this.CONSUME(K.to);
    const newName = this.SUBRULE1(this.name);
    const end = this.behind();
    return this.ACTION((): Statement => {
      if (column === undefined) return { kind: 'renameTable', ...head, newName, end };
      const { name: table, ifExists, position } = head;
      return { kind: 'renameColumn', table, ifExists, column, newName, position, end };
    });
  });

  readonly setSchema: Rule<Statement, [head: AlterHead]> = this.RULE('setSchema', (head: AlterHead): Statement => {
    this.CONSUME(K.set);
    this.CONSUME(K.schema);
    const schema = this.SUBRULE(this.name);
    return { kind: 'setSchema', ...head, schema, end: this.behind() };
  });

  readonly alterTable: Rule<Statement, [head: AlterHead]> = this.RULE('alterTable', (head: AlterHead): Statement => {
    const word = this.LA(1);
    const actions: AlterAction[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const added = this.SUBRULE(this.alterAction);
        this.ACTION(() => actions.push(...added));
      },
    });
    return this.ACTION((): Statement => {
      const { target, name: table, ifExists, position } = head;
      if (target === 'view') this.rejectToken(word, 'Views are replaced, by CREATE OR REPLACE VIEW.');
      return { kind: 'alterTable', table, ifExists, actions, position, end: this.behind() };
    });
  });

  readonly alterAction: Rule<readonly AlterAction[]> = this.RULE('alterAction', () =>
    this.OR<readonly AlterAction[]>([
      { ALT: () => this.SUBRULE(this.addAction) },
      {
        // Spark's.
        GATE: () => this.nextIs(K.columns, 2) && this.nextIs(T.LParen, 3),
        ALT: () => this.SUBRULE(this.dropColumns),
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.dropAction) },
      { ALT: () => this.SUBRULE(this.alterColumn) },
      {
        GATE: () => (this.LA(1) as SqlToken).text === 'change',
        ALT: () => this.SUBRULE(this.changeAction),
      },
    ]),
  );

  readonly addAction: Rule<readonly AlterAction[]> = this.RULE('addAction', () => {
    this.CONSUME(K.add);
    return this.OR<readonly AlterAction[]>([
      {
        // Spark's.
        GATE: () => this.LA(2).tokenType === T.LParen,
        ALT: () => {
          this.CONSUME(K.columns);
          const elements = this.SUBRULE(this.tableElements);
          const next = this.LA(1);
          return this.ACTION(() => elements.map((element) => this.addOf(element, false, next)));
        },
      },
      {
        ALT: () => {
          const constraint = this.SUBRULE(this.tableConstraint);
          return this.ACTION(() => [constraintAction(constraint)]);
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(K.column));
          const ifNotExists = this.SUBRULE(this.ifNotExists);
          const element = this.SUBRULE(this.columnDefinition);
          const next = this.LA(1);
          return this.ACTION(() => [this.addOf(element, ifNotExists, next)]);
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]);
  });

  private addOf(element: TableElement, ifNotExists: boolean, next: IToken): AlterAction {
    if (element.kind === 'likeClause') this.rejectAt(element.position, 'LIKE belongs to CREATE TABLE.');
    if (element.kind !== 'columnDefinition') return constraintAction(element);
    const { type } = element;
    if (type === undefined) this.rejectToken(next, `Give column "${element.name.name}" a type.`);
    return { kind: 'addColumn', column: { ...element, type }, ifNotExists };
  }

  /** Hive's `CHANGE [COLUMN] c c type`: another type of the column. */
  readonly changeAction: Rule<readonly AlterAction[]> = this.RULE('changeAction', (): readonly AlterAction[] => {
    this.CONSUME(T.Identifier);
    this.OPTION(() => this.CONSUME(K.column));
    const column = this.SUBRULE(this.name);
    const newName = this.SUBRULE1(this.name);
    const type = this.SUBRULE(this.typeName);
    this.ACTION(() => {
      if (newName.name === column.name) return;
      throw notSupportedError('CHANGE COLUMN to another name is not supported', {
        position: newName.position,
        hint: 'Write two statements: ALTER TABLE t RENAME COLUMN a TO b, and ALTER TABLE t ALTER COLUMN b TYPE …',
      });
    });
    return [{ kind: 'alterType', column, type, using: undefined }];
  });

  readonly dropColumns: Rule<readonly AlterAction[]> = this.RULE('dropColumns', (): readonly AlterAction[] => {
    this.CONSUME(K.drop);
    this.CONSUME(K.columns);
    const names = this.SUBRULE(this.nameList);
    return this.ACTION(() => names.map((column) => ({ kind: 'dropColumn', column, ifExists: false })));
  });

  readonly dropAction: Rule<readonly AlterAction[]> = this.RULE('dropAction', () => {
    this.CONSUME(K.drop);
    const isConstraint =
      this.OPTION(() =>
        this.OR([{ ALT: () => this.CONSUME(K.column) && false }, { ALT: () => this.CONSUME(K.constraint) && true }]),
      ) ?? false;
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.name);
    this.OPTION1(() => this.OR1([{ ALT: () => this.CONSUME(K.cascade) }, { ALT: () => this.CONSUME(K.restrict) }]));
    const action: AlterAction = isConstraint
      ? { kind: 'dropConstraint', name, ifExists }
      : { kind: 'dropColumn', column: name, ifExists };
    return [action];
  });

  readonly alterColumn: Rule<readonly AlterAction[]> = this.RULE('alterColumn', () => {
    this.CONSUME(K.alter);
    this.OPTION(() => this.CONSUME(K.column));
    const column = this.SUBRULE(this.name);
    return [
      this.OR<AlterAction>([
        { ALT: () => this.SUBRULE(this.columnType, { ARGS: [column] }) },
        {
          ALT: () => {
            this.CONSUME(K.set);
            return this.OR1<AlterAction>([
              { ALT: () => this.CONSUME(K.data) && this.SUBRULE1(this.columnType, { ARGS: [column] }) },
              {
                ALT: () => {
                  this.CONSUME(K.default);
                  return { kind: 'setDefault', column, default: this.SUBRULE(this.defaultClause) };
                },
              },
              {
                ALT: () => this.CONSUME(K.not) && this.CONSUME(K.null) && { kind: 'setNotNull', column, notNull: true },
              },
            ]);
          },
        },
        {
          ALT: () => {
            const { startOffset } = this.CONSUME(K.add);
            const identity = this.SUBRULE(this.generatedClause);
            return this.ACTION(() => {
              if (identity.kind === 'identity') return { kind: 'addIdentity', column, identity };
              return this.rejectAt(startOffset, 'Only GENERATED … AS IDENTITY is added to a column.');
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.restart);
            const next = this.OPTION1(() => {
              this.OPTION2(() => this.CONSUME(K.with));
              const sign = this.OPTION3(() => this.CONSUME(T.Minus)) ? '-' : '';
              const number = this.CONSUME(T.NumberLiteral) as SqlToken;
              return this.ACTION(() => {
                if (!/^\d+$/.test(number.image)) this.rejectToken(number, 'Expected a whole number.');
                return `${sign}${BigInt(number.image)}`;
              });
            });
            return { kind: 'restartIdentity', column, next };
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.drop);
            return this.OR2<AlterAction>([
              { ALT: () => this.CONSUME1(K.default) && { kind: 'setDefault', column, default: undefined } },
              {
                ALT: () =>
                  this.CONSUME1(K.not) && this.CONSUME1(K.null) && { kind: 'setNotNull', column, notNull: false },
              },
              {
                ALT: () => {
                  this.CONSUME(K.identity);
                  return { kind: 'dropIdentity', column, ifExists: this.SUBRULE(this.ifExists) };
                },
              },
            ]);
          },
        },
      ]),
    ];
  });

  readonly columnType: Rule<AlterAction, [column: Identifier]> = this.RULE(
    'columnType',
    (column: Identifier): AlterAction => {
      this.CONSUME(K.type);
      const type = this.SUBRULE(this.typeName);
      const using = this.OPTION(() => this.CONSUME(K.using) && this.SUBRULE(this.expression));
      return { kind: 'alterType', column, type, using };
    },
  );
}
