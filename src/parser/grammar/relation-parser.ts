import type { Expression } from '../ast/expression.js';
import type { FunctionCall } from '../ast/function-call.js';
import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { Query, Values } from '../ast/query.js';
import type { JoinCondition, JoinRelation, Relation, RowsFromFunction, TableAlias } from '../ast/relation.js';
import { plainQuery } from '../plain-query.js';
import * as T from '../tokens/token-types.js';
import { createCall } from './function-parser.js';
import type { LateralView } from './lateral-view-parser.js';
import type { Rule } from './parser-base.js';
import { RelationClauseParser } from './relation-clause-parser.js';

const K = T.Keyword;

/** The entries of FROM. */
export abstract class RelationParser extends RelationClauseParser {
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
      { ALT: () => this.SUBRULE(this.rowsFromRelation, { ARGS: [false] }), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.namedRelation, { ARGS: [false] }), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.fileRelation) },
      { ALT: () => this.SUBRULE(this.jsonTableRelation) },
      { ALT: () => this.SUBRULE(this.subqueryRelation, { ARGS: [false] }) },
      {
        ALT: () => {
          this.CONSUME(K.lateral);
          return this.OR1<Relation>([
            { ALT: () => this.SUBRULE1(this.rowsFromRelation, { ARGS: [true] }), IGNORE_AMBIGUITIES: true },
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
        DEF: () => this.SUBRULE(this.ordinality),
      });
      const alias = this.OPTION2(() => this.SUBRULE(this.parsedAlias));
      return this.ACTION((): Relation => {
        if (call === undefined && isPath(name)) {
          const [, { name: value, position: at }] = name.parts;
          const path = { kind: 'stringLiteral', value, position: at } as const;
          return { kind: 'file', path, alias: this.plainAlias(alias), position };
        }
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

  readonly ordinality: Rule<boolean> = this.RULE('ordinality', () => {
    this.CONSUME(T.WithBeforeTime);
    return this.CONSUME(K.ordinality) !== undefined;
  });

  readonly rowsFromRelation: Rule<Relation, [lateral: boolean]> = this.RULE(
    'rowsFromRelation',
    (lateral: boolean): Relation => {
      const position = this.CONSUME(T.RowsFrom).startOffset;
      this.CONSUME(K.from);
      this.CONSUME(T.LParen);
      const functions: RowsFromFunction[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          functions.push(this.SUBRULE(this.rowsFromFunction));
        },
      });
      this.CONSUME(T.RParen);
      const withOrdinality = this.OPTION(() => this.SUBRULE(this.ordinality)) ?? false;
      const alias = this.SUBRULE(this.tableAlias);
      return { kind: 'rowsFrom', lateral, functions, withOrdinality, alias, position };
    },
  );

  readonly rowsFromFunction: Rule<RowsFromFunction> = this.RULE('rowsFromFunction', (): RowsFromFunction => {
    const name = this.SUBRULE(this.qualifiedName);
    const call = createCall(name, this.SUBRULE(this.callArguments));
    const columns = this.OPTION(() => {
      this.CONSUME(K.as);
      return this.SUBRULE(this.aliasColumns);
    });
    return this.ACTION(
      (): RowsFromFunction => ({
        kind: 'rowsFromFunction',
        call,
        columnDefinitions: this.definitionsOf(columns ?? []),
        position: name.position,
      }),
    );
  });

  /** Spark's `FROM VALUES (1, 2), (3, 4) AS t (a, b)`. */
  readonly valuesRelation: Rule<Relation> = this.RULE('valuesRelation', (): Relation => {
    const body = this.SUBRULE(this.values);
    const alias = this.SUBRULE(this.tableAlias);
    const query = this.ACTION(() => plainQuery(body, this.behind()));
    return { kind: 'subquery', lateral: false, query, alias, position: body?.position };
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

const fileFormats: ReadonlySet<string> = new Set(['parquet', 'csv', 'json']);

/** Spark's "parquet.`folder/file.parquet`". */
function isPath(name: QualifiedName): name is QualifiedName & { readonly parts: readonly [Identifier, Identifier] } {
  const [format, path] = name.parts;
  if (name.parts.length !== 2 || format!.quoted || !path!.quoted || !fileFormats.has(format!.name)) return false;
  return path!.name.includes('/') || path!.name.endsWith(`.${format!.name}`);
}
