import type { Expression } from '../ast/expression.js';
import type { FunctionCall } from '../ast/function-call.js';
import type { Identifier } from '../ast/identifier.js';
import type { Query, Values } from '../ast/query.js';
import type { FunctionColumn, JoinCondition, JoinRelation, Relation, TableAlias } from '../ast/relation.js';
import type { SelectExpression } from '../ast/select.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import { createCall } from './function-parser.js';
import { JsonTableParser } from './json-table-parser.js';
import type { LateralView } from './lateral-view-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

/** An alias as parsed: only functions may give their columns types, and go without a name. */
interface ParsedAlias {
  readonly name: Identifier | undefined;
  readonly columns: readonly (Identifier | FunctionColumn)[];
  readonly position: number;
}

/** The entries of FROM. */
export abstract class RelationParser extends JsonTableParser {
  abstract readonly values: Rule<Values>;

  readonly relation: Rule<Relation> = this.RULE('relation', () => {
    let left = this.SUBRULE(this.relationOperand);
    this.MANY(() => {
      left = this.OR<Relation>([
        { ALT: () => this.SUBRULE(this.join, { ARGS: [left] }) },
        { ALT: () => this.viewJoin(left, this.SUBRULE(this.lateralView)) },
      ]);
    });
    return left;
  });

  private viewJoin(left: Relation, view: LateralView): Relation {
    return this.ACTION((): Relation => {
      const { relation, isOuter } = view;
      const { position } = relation;
      if (!isOuter) return this.joinOf('cross', left, relation, undefined);
      const always: Expression = { kind: 'booleanLiteral', value: true, position };
      return this.joinOf('left', left, relation, { kind: 'on', expression: always, position });
    });
  }

  readonly relationOperand: Rule<Relation> = this.RULE('relationOperand', () => {
    const relation = this.SUBRULE(this.plainRelation);
    return (
      this.OPTION<Relation>(() =>
        this.OR<Relation>([
          { ALT: () => this.SUBRULE(this.sampleClause, { ARGS: [relation] }) },
          { ALT: () => this.SUBRULE(this.pivotClause, { ARGS: [relation] }) },
          { ALT: () => this.SUBRULE(this.unpivotClause, { ARGS: [relation] }) },
        ]),
      ) ?? relation
    );
  });

  readonly plainRelation: Rule<Relation> = this.RULE('plainRelation', () =>
    this.OR<Relation>([
      { ALT: () => this.SUBRULE(this.valuesRelation) },
      { ALT: () => this.SUBRULE(this.namedRelation, { ARGS: [false] }), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.fileRelation) },
      { ALT: () => this.SUBRULE(this.jsonTableRelation) },
      { ALT: () => this.SUBRULE(this.subqueryRelation, { ARGS: [false] }) },
      {
        ALT: () => {
          this.CONSUME(K.lateral);
          return this.OR1<Relation>([
            { ALT: () => this.SUBRULE1(this.namedRelation, { ARGS: [true] }) },
            { ALT: () => this.SUBRULE1(this.subqueryRelation, { ARGS: [true] }) },
            { ALT: () => this.SUBRULE1(this.jsonTableRelation) },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          const relation = this.SUBRULE(this.relation);
          this.CONSUME(T.RParen);
          const alias = this.SUBRULE(this.tableAlias);
          return this.ACTION(() => this.aliasedJoin(relation, alias));
        },
      },
    ]),
  );

  readonly jsonTableRelation: Rule<Relation> = this.RULE('jsonTableRelation', (): Relation => {
    const query = this.SUBRULE(this.jsonTable);
    const alias = this.SUBRULE(this.tableAlias) ?? this.jsonTableAlias(query);
    return { kind: 'subquery', lateral: true, query, alias, position: query?.position };
  });

  private jsonTableAlias(query: Query): TableAlias {
    const position = query?.position;
    const name = { kind: 'identifier', name: 'json_table', quoted: false, position } as const;
    return { kind: 'tableAlias', name, columns: [], position };
  }

  private aliasedJoin(relation: Relation, alias: TableAlias | undefined): Relation {
    if (alias === undefined) return relation;
    if (relation.kind !== 'join' || relation.alias) this.rejectAt(alias.position, 'Only a join takes a name here.');
    return { ...(relation as JoinRelation), alias };
  }

  readonly pivotClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'pivotClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(T.Pivot).startOffset;
      this.CONSUME(T.LParen);
      const aggregates: SelectExpression[] = [];
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => aggregates.push(this.SUBRULE(this.namedExpression)) });
      this.CONSUME(K.for);
      const column = this.SUBRULE(this.name);
      this.CONSUME(K.in);
      this.CONSUME1(T.LParen);
      const values: SelectExpression[] = [];
      this.AT_LEAST_ONE_SEP1({ SEP: T.Comma, DEF: () => values.push(this.SUBRULE1(this.namedExpression)) });
      this.CONSUME(T.RParen);
      this.CONSUME1(T.RParen);
      const alias = this.SUBRULE(this.tableAlias);
      return { kind: 'pivot', relation, aggregates, column, values, alias, position };
    },
  );

  readonly namedExpression: Rule<SelectExpression> = this.RULE('namedExpression', (): SelectExpression => {
    const expression = this.SUBRULE(this.expression);
    const alias = this.OPTION(() => {
      this.CONSUME(K.as);
      return this.SUBRULE(this.name);
    });
    return { kind: 'selectExpression', expression, alias, position: expression?.position };
  });

  readonly unpivotClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'unpivotClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(T.Unpivot).startOffset;
      const nulls = this.OPTION(() => {
        const word = this.CONSUME(T.Identifier) as SqlToken;
        this.CONSUME(K.nulls);
        return word;
      });
      this.CONSUME(T.LParen);
      const value = this.SUBRULE(this.name);
      this.CONSUME(K.for);
      const name = this.SUBRULE1(this.name);
      this.CONSUME(K.in);
      this.CONSUME1(T.LParen);
      const columns: { column: Identifier; label: string | undefined }[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const column = this.SUBRULE2(this.name);
          const label = this.OPTION1(() => {
            this.CONSUME(K.as);
            return this.SUBRULE(this.stringLiteral)?.value;
          });
          columns.push({ column, label });
        },
      });
      this.CONSUME(T.RParen);
      this.CONSUME1(T.RParen);
      const alias = this.SUBRULE(this.tableAlias);
      const includeNulls = nulls?.text === 'include';
      return { kind: 'unpivot', relation, includeNulls, value, name, columns, alias, position };
    },
  );

  /** TABLESAMPLE behind a table or a query. */
  readonly sampleClause: Rule<Relation, [relation: Relation]> = this.RULE(
    'sampleClause',
    (relation: Relation): Relation => {
      const position = this.CONSUME(K.tablesample).startOffset;
      const named = this.OPTION1(() => this.SUBRULE(this.name));
      this.CONSUME(T.LParen);
      const percent = this.SUBRULE(this.expression);
      const ofRows = this.OPTION2(() => this.SUBRULE(this.sampleUnit));
      this.CONSUME(T.RParen);
      const method = named ?? ({ kind: 'identifier', name: 'bernoulli', quoted: false, position } as const);
      const seed = this.OPTION(() => {
        this.CONSUME(K.repeatable);
        this.CONSUME1(T.LParen);
        const value = this.SUBRULE1(this.expression);
        this.CONSUME1(T.RParen);
        return value;
      });
      return { kind: 'sample', relation, method, percent, ofRows: ofRows ?? false, seed, position } satisfies Relation;
    },
  );

  /** `PERCENT` or `ROWS` behind a number. */
  readonly sampleUnit: Rule<boolean> = this.RULE('sampleUnit', () =>
    this.OR([
      { ALT: () => this.CONSUME(K.rows) && true },
      {
        ALT: () => {
          const word = this.CONSUME(T.Identifier) as SqlToken;
          this.ACTION(() => word.text === 'percent' || this.rejectToken(word, 'Expected PERCENT or ROWS.'));
          return false;
        },
      },
    ]),
  );

  /** A table, or a function if a parenthesis follows. */
  readonly namedRelation: Rule<Relation, [lateral: boolean]> = this.RULE(
    'namedRelation',
    (lateral: boolean): Relation => {
      const name = this.SUBRULE(this.qualifiedName);
      const position = name.position;
      const call = this.OPTION<FunctionCall>(() => createCall(name, this.SUBRULE(this.callArguments)));
      if (lateral && call === undefined)
        this.ACTION(() => this.rejectToken(this.LA(1), 'Expected a function or a query.'));
      const withOrdinality = this.OPTION1({
        GATE: () => call !== undefined,
        DEF: () => {
          this.CONSUME(T.WithBeforeTime);
          return this.CONSUME(K.ordinality) !== undefined;
        },
      });
      const alias = this.OPTION2(() => this.SUBRULE(this.parsedAlias));
      return this.ACTION((): Relation => {
        if (call === undefined) return { kind: 'table', name, alias: this.plainAlias(alias), position };
        const { columnDefinitions, alias: tableAlias } = this.functionAlias(call, alias);
        return {
          kind: 'function',
          lateral,
          call,
          withOrdinality: withOrdinality ?? false,
          alias: tableAlias,
          columnDefinitions,
          position,
        };
      });
    },
  );

  /** Spark's `FROM VALUES (1, 2), (3, 4) AS t (a, b)`. */
  readonly valuesRelation: Rule<Relation> = this.RULE('valuesRelation', (): Relation => {
    const body = this.SUBRULE(this.values);
    const alias = this.SUBRULE(this.tableAlias);
    const position = body?.position;
    const query: Query = {
      kind: 'query',
      with: undefined,
      body,
      orderBy: [],
      limit: undefined,
      offset: undefined,
      position,
      end: this.behind(),
    };
    return { kind: 'subquery', lateral: false, query, alias, position };
  });

  readonly fileRelation: Rule<Relation> = this.RULE('fileRelation', (): Relation => {
    const path = this.SUBRULE(this.stringLiteral);
    const alias = this.SUBRULE(this.tableAlias);
    return { kind: 'file', path, alias, position: path.position };
  });

  readonly subqueryRelation: Rule<Relation, [lateral: boolean]> = this.RULE(
    'subqueryRelation',
    (lateral: boolean): Relation => {
      const position = this.here();
      const query = this.SUBRULE(this.subquery);
      const alias = this.SUBRULE(this.tableAlias);
      return { kind: 'subquery', lateral, query, alias, position };
    },
  );

  readonly tableAlias: Rule<TableAlias | undefined> = this.RULE('tableAlias', () => {
    const alias = this.OPTION(() => this.SUBRULE(this.parsedAlias));
    return this.ACTION(() => this.plainAlias(alias));
  });

  readonly parsedAlias: Rule<ParsedAlias> = this.RULE('parsedAlias', (): ParsedAlias => {
    const position = this.here();
    return this.OR<ParsedAlias>([
      {
        ALT: () => {
          this.CONSUME(K.as);
          const name = this.OPTION(() => this.SUBRULE(this.name));
          const columns = this.OPTION1(() => this.SUBRULE(this.aliasColumns));
          if (name === undefined && columns === undefined) this.ACTION(() => this.rejectToken(this.LA(1)));
          return { name, columns: columns ?? [], position: name?.position ?? position };
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE1(this.name);
          const columns = this.OPTION2(() => this.SUBRULE1(this.aliasColumns));
          return { name, columns: columns ?? [], position };
        },
      },
    ]);
  });

  readonly aliasColumns: Rule<(Identifier | FunctionColumn)[]> = this.RULE('aliasColumns', () => {
    const columns: (Identifier | FunctionColumn)[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.name);
        const type = this.OPTION(() => this.SUBRULE(this.typeName));
        columns.push(type === undefined ? name : { kind: 'functionColumn', name, type, position: name.position });
      },
    });
    this.CONSUME(T.RParen);
    return columns;
  });

  private plainAlias(alias: ParsedAlias | undefined): TableAlias | undefined {
    if (alias === undefined) return undefined;
    const columns: Identifier[] = [];
    for (const column of alias.columns) {
      if (column.kind === 'functionColumn')
        this.rejectAt(column.type.position, 'Only a function’s columns take types.');
      columns.push(column);
    }
    if (alias.name === undefined) this.rejectAt(alias.position, 'Expected a name after AS.');
    return { kind: 'tableAlias', name: alias.name, columns, position: alias.position };
  }

  private functionAlias(
    call: FunctionCall,
    alias: ParsedAlias | undefined,
  ): { alias: TableAlias | undefined; columnDefinitions: FunctionColumn[] } {
    const columnDefinitions = (alias?.columns ?? []).filter((column) => column.kind === 'functionColumn');
    if (alias === undefined || columnDefinitions.length === 0)
      return { alias: this.plainAlias(alias), columnDefinitions };
    const untyped = alias.columns.find((column) => column.kind === 'identifier');
    if (untyped !== undefined) this.rejectAt(untyped.position, 'Give every column of the list a type, or none.');
    const name = alias.name ?? (call.name.parts.at(-1) as Identifier);
    return { alias: { kind: 'tableAlias', name, columns: [], position: alias.position }, columnDefinitions };
  }

  readonly join: Rule<JoinRelation, [left: Relation]> = this.RULE('join', (left: Relation) =>
    this.OR<JoinRelation>([
      {
        ALT: () => {
          this.CONSUME(K.cross);
          this.CONSUME(K.join);
          return this.joinOf('cross', left, this.SUBRULE(this.relationOperand), undefined);
        },
      },
      {
        ALT: () => {
          const position = this.CONSUME(K.natural).startOffset;
          const type = this.SUBRULE(this.joinType);
          return this.joinOf(type, left, this.SUBRULE1(this.relationOperand), { kind: 'natural', position });
        },
      },
      {
        ALT: () => {
          const asof = this.OPTION(() => this.CONSUME(T.AsofJoin));
          const type = this.SUBRULE1(this.joinType);
          // `a JOIN b JOIN c ON x ON y`: joins before this one's ON belong to its right side.
          const right = this.SUBRULE(this.relation);
          const condition = this.SUBRULE(this.joinCondition);
          return { ...this.joinOf(type, left, right, condition), asof: asof !== undefined };
        },
      },
    ]),
  );

  protected joinOf(
    type: JoinRelation['type'],
    left: Relation,
    right: Relation,
    condition: JoinCondition | undefined,
  ): JoinRelation {
    return { kind: 'join', type, asof: false, left, right, condition, alias: undefined, position: left?.position };
  }

  readonly joinType: Rule<JoinRelation['type']> = this.RULE('joinType', () => {
    const type = this.OPTION(() =>
      this.OR<JoinRelation['type']>([
        { ALT: () => this.CONSUME(K.inner) && 'inner' },
        { ALT: () => this.SUBRULE(this.outerJoinType) },
        { ALT: () => this.CONSUME(T.SemiJoin) && 'semi' },
        { ALT: () => this.CONSUME(T.AntiJoin) && 'anti' },
      ]),
    );
    this.CONSUME(K.join);
    return type ?? 'inner';
  });

  readonly outerJoinType: Rule<JoinRelation['type']> = this.RULE('outerJoinType', () => {
    const type = this.OR<JoinRelation['type']>([
      {
        ALT: () => {
          this.CONSUME(K.left);
          // As Spark says it.
          const kept = this.OPTION(() =>
            this.OR1<JoinRelation['type']>([
              { ALT: () => this.CONSUME(T.SemiJoin) && 'semi' },
              { ALT: () => this.CONSUME(T.AntiJoin) && 'anti' },
            ]),
          );
          return kept ?? 'left';
        },
      },
      { ALT: () => this.CONSUME(K.right) && 'right' },
      { ALT: () => this.CONSUME(K.full) && 'full' },
    ]);
    this.OPTION1(() => this.CONSUME(K.outer));
    return type;
  });

  readonly joinCondition: Rule<JoinCondition> = this.RULE('joinCondition', () =>
    this.OR<JoinCondition>([
      {
        ALT: () => {
          const position = this.CONSUME(K.on).startOffset;
          return { kind: 'on', expression: this.SUBRULE(this.expression), position };
        },
      },
      {
        ALT: () => {
          const position = this.CONSUME(K.using).startOffset;
          const columns = this.SUBRULE(this.nameList);
          const alias = this.OPTION(() => {
            this.CONSUME(K.as);
            return this.SUBRULE(this.name);
          });
          return { kind: 'using', columns, alias, position };
        },
      },
    ]),
  );
}
