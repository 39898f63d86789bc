import { userError } from '../../common/errors.js';
import type { CopyStatement, CopyStream, CopyTable } from '../ast/copy-statement.js';
import type { AnalyzeStatement } from '../ast/definition-statement.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { InsertStatement, OnConflict, ReplaceWhere } from '../ast/insert-statement.js';
import type { StringLiteral } from '../ast/literal.js';
import type { Assignment, DeleteStatement, UpdateStatement } from '../ast/modify-statement.js';
import type { Option } from '../ast/option.js';
import type { Query } from '../ast/query.js';
import type { Relation } from '../ast/relation.js';
import type { SelectItem } from '../ast/select.js';
import { replacingRows } from '../replace-where.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { DefinitionParser } from './definition-parser.js';
import type { Rule } from './parser-base.js';
import type { Continuation } from './predicate-parser.js';
import { valuesOfSubquery } from './subquery-values.js';

const K = T.Keyword;

/** What a value is assigned to: a column, or the part of it that an expression over the column says. */
interface AssignedTarget {
  readonly column: Identifier;
  readonly part: Expression | undefined;
}

function columnsAndParts(targets: readonly AssignedTarget[]): Pick<InsertStatement, 'columns' | 'parts'> {
  const hasParts = targets.some(({ part }) => part !== undefined);
  return {
    columns: targets.map(({ column }) => column),
    parts: hasParts ? targets.map(({ part }) => part) : undefined,
  };
}

/** INSERT, DELETE, UPDATE, COPY and ANALYZE. */
export abstract class WriteParser extends DefinitionParser {
  readonly insert: Rule<InsertStatement> = this.RULE('insert', (): InsertStatement => {
    const { startOffset: position } = this.OR2([
      { ALT: () => this.CONSUME(K.insert) },
      { ALT: () => this.CONSUME(T.InsertOfSource) },
    ]);
    const overwrite = this.OR([
      {
        ALT: () => {
          this.CONSUME(K.overwrite);
          this.OPTION(() => this.CONSUME(K.into));
          return true;
        },
      },
      { ALT: () => this.CONSUME1(K.into) && false },
    ]);
    this.OPTION1(() => this.CONSUME(K.table));
    const table = this.SUBRULE(this.qualifiedName);
    const alias = this.OPTION6(() => this.CONSUME(K.as) && this.SUBRULE(this.name));
    const partition = this.OPTION2(() => this.SUBRULE(this.partitionClause));
    const targets = this.OPTION3(() => this.SUBRULE(this.targetList)) ?? [];
    const word = this.LA(1);
    const byName = this.OPTION4(() => this.CONSUME(K.by) && this.SUBRULE(this.nameWord)) !== undefined;
    this.ACTION(() => byName && targets.length > 0 && this.rejectToken(word, 'BY NAME takes the names of the query.'));
    const overriding = this.OPTION7({
      GATE: () => (this.LA(1) as SqlToken).text === 'overriding',
      DEF: () => this.SUBRULE(this.overriding),
    });
    const replaceWhere = this.OPTION9({
      GATE: () => !overwrite,
      DEF: () => this.SUBRULE(this.replaceWhere),
    });
    const source = this.OR1<Query | undefined>([
      { ALT: () => this.SUBRULE(this.query) },
      { ALT: () => this.CONSUME(K.default) && this.CONSUME(K.values) && undefined, IGNORE_AMBIGUITIES: true },
    ]);
    const onConflict = this.OPTION8(() => this.SUBRULE(this.onConflict));
    const returning = this.OPTION5(() => this.SUBRULE(this.returning));
    const listed = this.ACTION(() => columnsAndParts(targets));
    const target = { overwrite, table, alias, partition, ...listed, byName, overriding };
    const rows = { ...target, source, onConflict, returning, position, end: this.behind() };
    const insert: InsertStatement = { kind: 'insert', with: undefined, ...rows };
    if (replaceWhere === undefined) return insert;
    return this.ACTION(() => {
      if (onConflict !== undefined) this.rejectAt(onConflict.position, 'ON CONFLICT does not go with REPLACE WHERE.');
      return replacingRows(insert, replaceWhere);
    });
  });

  /** Delta's `REPLACE WHERE condition`. */
  readonly replaceWhere: Rule<ReplaceWhere> = this.RULE('replaceWhere', (): ReplaceWhere => {
    this.CONSUME(K.replace);
    this.CONSUME(K.where);
    const position = this.here();
    const condition = this.SUBRULE(this.expression);
    return { condition, position, end: this.behind() };
  });

  readonly onConflict: Rule<OnConflict> = this.RULE('onConflict', (): OnConflict => {
    const position = this.CONSUME(T.OnConflict).startOffset;
    this.CONSUME(T.Identifier);
    const targets = this.OPTION(() => {
      this.CONSUME(T.LParen);
      const expressions = this.SUBRULE(this.expressionList);
      this.CONSUME(T.RParen);
      return expressions;
    });
    const predicate = this.OPTION3({
      GATE: () => targets !== undefined,
      DEF: () => this.CONSUME1(K.where) && this.SUBRULE1(this.expression),
    });
    const constraint = this.OPTION1({
      GATE: () => targets === undefined,
      DEF: () => {
        this.CONSUME(K.on);
        this.CONSUME(K.constraint);
        return this.SUBRULE(this.name);
      },
    });
    this.CONSUME(K.do);
    const update = this.OR<OnConflict['update']>([
      { ALT: () => this.CONSUME(K.nothing) && undefined },
      {
        ALT: () => {
          this.CONSUME(K.update);
          const assignments = this.SUBRULE(this.setClause);
          const where = this.OPTION2(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
          return { assignments, where };
        },
      },
    ]);
    return { kind: 'onConflict', targets: targets ?? [], predicate, constraint, update, position };
  });

  /** `OVERRIDING SYSTEM | USER VALUE`, which are no keywords. */
  readonly overriding: Rule<'system' | 'user'> = this.RULE('overriding', () => {
    this.CONSUME(T.AnyLabel);
    const whose = this.CONSUME1(T.AnyLabel) as SqlToken;
    const value = this.CONSUME2(T.AnyLabel) as SqlToken;
    const { text } = whose;
    return this.ACTION(() => {
      if (value.text !== 'value') this.rejectToken(value, 'Expected VALUE.');
      return text === 'system' || text === 'user' ? text : this.rejectToken(whose, 'Expected SYSTEM or USER.');
    });
  });

  /** NAME is no keyword: too many columns are called so. */
  readonly nameWord: Rule<Identifier> = this.RULE('nameWord', () => {
    const token = this.LA(1);
    const name = this.SUBRULE(this.name);
    this.ACTION(() => name.name !== 'name' && this.rejectToken(token, 'Expected NAME.'));
    return name;
  });

  readonly delete: Rule<DeleteStatement> = this.RULE('delete', (): DeleteStatement => {
    const position = this.CONSUME(K.delete).startOffset;
    this.CONSUME(K.from);
    const table = this.SUBRULE(this.qualifiedName);
    const alias = this.OPTION(() => this.SUBRULE(this.targetAlias));
    const others = this.OPTION1(() => this.CONSUME(K.using) && this.SUBRULE(this.relations)) ?? [];
    const where = this.OPTION2(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
    const returning = this.OPTION3(() => this.SUBRULE(this.returning));
    return { kind: 'delete', with: undefined, table, alias, others, where, returning, position, end: this.behind() };
  });

  readonly update: Rule<UpdateStatement> = this.RULE('update', (): UpdateStatement => {
    const position = this.CONSUME(K.update).startOffset;
    const table = this.SUBRULE(this.qualifiedName);
    const alias = this.OPTION({
      GATE: () => !this.nextIs(K.set),
      DEF: () => this.SUBRULE(this.targetAlias),
    });
    const assignments = this.SUBRULE(this.setClause);
    const others = this.OPTION1(() => this.CONSUME(K.from) && this.SUBRULE(this.relations)) ?? [];
    const where = this.OPTION2(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
    const returning = this.OPTION3(() => this.SUBRULE(this.returning));
    const end = this.behind();
    return { kind: 'update', with: undefined, table, alias, assignments, others, where, returning, position, end };
  });

  readonly returning: Rule<SelectItem[]> = this.RULE('returning', () => {
    const items: SelectItem[] = [];
    this.CONSUME(K.returning);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
    return items;
  });

  readonly targetAlias: Rule<Identifier> = this.RULE('targetAlias', () => {
    this.OPTION(() => this.CONSUME(K.as));
    return this.SUBRULE(this.name);
  });

  readonly relations: Rule<Relation[]> = this.RULE('relations', () => {
    const relations: Relation[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => relations.push(this.SUBRULE(this.relation)) });
    return relations;
  });

  readonly setClause: Rule<Assignment[]> = this.RULE('setClause', () => {
    const assignments: Assignment[] = [];
    this.CONSUME(K.set);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const added = this.SUBRULE(this.assignments);
        this.ACTION(() => assignments.push(...added));
      },
    });
    return assignments;
  });

  /** `a = value`, `(a, b) = (value, value)`, or `(a, b) = (SELECT …)`. */
  readonly assignments: Rule<Assignment[]> = this.RULE('assignments', () =>
    this.OR<Assignment[]>([
      {
        ALT: () => {
          const targets = this.SUBRULE(this.targetList);
          const word = this.LA(1);
          this.CONSUME(T.Equal);
          const value = this.SUBRULE(this.expression);
          return this.ACTION(() => {
            const columns = targets.map(({ column }) => column);
            if (value.kind === 'scalarSubquery' && columns.length > 1) {
              return valuesOfSubquery(value, columns).map((part, i) => this.assignmentOf(targets[i]!, part));
            }
            const values = value.kind === 'row' ? value.elements : columns.length === 1 ? [value] : [];
            if (values.length !== columns.length) {
              this.rejectToken(word, `Give as many values as columns, in parentheses: (a, b) = (1, 2).`);
            }
            return targets.map((target, i) => this.assignmentOf(target, values[i]!));
          });
        },
      },
      {
        ALT: () => {
          const target = this.SUBRULE(this.assignedTarget);
          this.CONSUME1(T.Equal);
          const value = this.SUBRULE1(this.expression);
          return this.ACTION(() => [this.assignmentOf(target, value)]);
        },
      },
    ]),
  );

  readonly targetList: Rule<AssignedTarget[]> = this.RULE('targetList', () => {
    const targets: AssignedTarget[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => targets.push(this.SUBRULE(this.assignedTarget)) });
    this.CONSUME(T.RParen);
    return targets;
  });

  readonly assignedTarget: Rule<AssignedTarget> = this.RULE('assignedTarget', () => {
    const column = this.SUBRULE(this.name);
    let part: Expression = { kind: 'columnReference', parts: [column], position: column?.position };
    this.MANY(() => {
      part = this.SUBRULE(this.assignedPart, { ARGS: [part] });
    });
    return { column, part: part?.kind === 'columnReference' ? undefined : part };
  });

  readonly assignedPart: Continuation = this.RULE('assignedPart', (operand: Expression) =>
    this.OR<Expression>([
      {
        ALT: () => {
          const position = this.CONSUME(T.Dot).startOffset;
          return { kind: 'field', operand, field: this.toIdentifier(this.CONSUME(T.AnyLabel)), position };
        },
      },
      { ALT: () => this.SUBRULE(this.subscript, { ARGS: [operand] }) },
    ]),
  );

  private assignmentOf({ column, part }: AssignedTarget, value: Expression): Assignment {
    const assignment: Assignment = { kind: 'assignment', column, value, position: column?.position };
    return part === undefined ? assignment : { ...assignment, part };
  }

  readonly analyze: Rule<AnalyzeStatement> = this.RULE('analyze', (): AnalyzeStatement => {
    const position = this.CONSUME(K.analyze).startOffset;
    const verbose = this.OPTION(() => this.CONSUME(K.verbose)) !== undefined;
    this.OPTION1(() => this.CONSUME(K.table));
    const target = this.OPTION2(() =>
      this.OR<QualifiedName | StringLiteral>([
        { ALT: () => this.SUBRULE(this.stringLiteral) },
        { ALT: () => this.SUBRULE(this.qualifiedName) },
      ]),
    );
    const partition = this.OPTION3(() => this.SUBRULE(this.partitionClause));
    const listed = this.OPTION4(() => this.SUBRULE(this.nameList)) ?? [];
    const computed = this.OPTION5(() => this.SUBRULE(this.computeStatistics)) ?? [];
    const columns = listed.length > 0 ? listed : computed;
    return { kind: 'analyze', verbose, target, partition, columns, position, end: this.behind() };
  });

  /** Spark's: `COMPUTE STATISTICS [NOSCAN] [FOR COLUMNS a, b | FOR ALL COLUMNS]`. Empty for all columns. */
  readonly computeStatistics: Rule<Identifier[]> = this.RULE('computeStatistics', (): Identifier[] => {
    const columns: Identifier[] = [];
    this.CONSUME(K.compute);
    this.CONSUME(K.statistics);
    this.OPTION1(() => {
      const word = this.CONSUME(T.Identifier) as SqlToken;
      this.ACTION(() => word.text === 'noscan' || this.rejectToken(word));
    });
    this.OPTION(() => {
      this.CONSUME(K.for);
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.all);
            this.CONSUME(K.columns);
          },
        },
        {
          ALT: () => {
            this.CONSUME1(K.columns);
            this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE(this.name)) });
          },
        },
      ]);
    });
    return columns;
  });

  readonly copy: Rule<CopyStatement> = this.RULE('copy', (): CopyStatement => {
    const position = this.CONSUME(K.copy).startOffset;
    const source = this.OR<CopyTable | Query>([
      { ALT: () => this.SUBRULE(this.subquery) },
      { ALT: () => this.SUBRULE(this.copyTable) },
    ]);
    const word = this.LA(1);
    const direction = this.OR1<'to' | 'from'>([
      { ALT: () => this.CONSUME(K.to) && 'to' },
      { ALT: () => this.CONSUME(K.from) && 'from' },
    ]);
    this.ACTION(() => direction === 'from' && source.kind === 'query' && this.rejectToken(word, 'Copy into a table.'));
    const target = this.OR2<StringLiteral | CopyStream>([
      { ALT: () => this.SUBRULE(this.stringLiteral) },
      { ALT: () => ({ kind: 'copyStream', position: this.CONSUME(K.stdin).startOffset }) },
      { ALT: () => ({ kind: 'copyStream', position: this.CONSUME(K.stdout).startOffset }) },
    ]);
    this.OPTION(() => this.CONSUME(K.with));
    const options = this.OPTION1({
      GATE: () => this.LA(1).tokenType !== K.where,
      DEF: () =>
        this.OR3<Option[]>([
          { ALT: () => this.SUBRULE(this.options) },
          { ALT: () => this.SUBRULE(this.bareCopyOptions) },
        ]),
    });
    const whereWord = this.LA(1);
    const where = this.OPTION2(() => this.CONSUME(K.where) && this.SUBRULE(this.expression));
    this.ACTION(() => {
      if (where === undefined || direction === 'from') return;
      throw userError('42601', 'WHERE clause not allowed with COPY TO', {
        position: whereWord.startOffset,
        hint: 'Copy a query: COPY (SELECT … WHERE …) TO.',
      });
    });
    return { kind: 'copy', direction, source, target, options: options ?? [], where, position, end: this.behind() };
  });

  readonly copyTable: Rule<CopyTable> = this.RULE('copyTable', (): CopyTable => {
    const name = this.SUBRULE(this.qualifiedName);
    const columns = this.OPTION(() => this.SUBRULE(this.nameList));
    return { kind: 'copyTable', name, columns: columns ?? [], position: name.position };
  });

  /** The options of old, still much used: `CSV HEADER DELIMITER AS ';'`. */
  readonly bareCopyOptions: Rule<Option[]> = this.RULE('bareCopyOptions', () => {
    const options: Option[] = [];
    this.AT_LEAST_ONE({
      GATE: () => this.LA(1).tokenType !== K.where,
      DEF: () => {
        const token = this.CONSUME(T.AnyLabel) as SqlToken;
        const value = this.OPTION(() => {
          this.OPTION1(() => this.CONSUME(K.as));
          return this.SUBRULE(this.stringLiteral);
        });
        const { startOffset: position, text } = token;
        if (value === undefined && (text === 'csv' || text === 'binary')) {
          options.push({ kind: 'option', name: 'format', value: this.toIdentifier(token), position });
        } else {
          options.push({ kind: 'option', name: text, value, position });
        }
      },
    });
    return options;
  });
}
