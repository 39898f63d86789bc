import { notSupportedError } from '../../common/errors.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { WritingStatement } from '../ast/modify-statement.js';
import type { OrderByItem } from '../ast/order-by.js';
import type {
  CommonTableExpression,
  LimitClause,
  ModifyingTable,
  Query,
  QueryBody,
  Values,
  WithClause,
} from '../ast/query.js';
import { plainSelect } from '../plain-query.js';
import { type CycleClause, type SearchClause, withRecursionOrder } from '../recursion-order.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { SelectParser } from './select-parser.js';

const K = T.Keyword;

/** UNION and EXCEPT are 1, INTERSECT binds tighter. */
const setLevels = new Map([
  [K.union, 1],
  [K.except, 1],
  [K.intersect, 2],
]);

/** A parenthesised query without clauses of its own is what it contains. */
function withoutParentheses(query: Query): QueryBody {
  const bare =
    query.with === undefined && query.orderBy.length === 0 && query.limit === undefined && query.offset === undefined;
  return bare ? query.body : query;
}

interface RowCounts {
  limit: LimitClause | undefined;
  offset: Expression | undefined;
}

type CommonTable = CommonTableExpression | ModifyingTable;

/** Queries: WITH, set operations, ORDER BY, LIMIT. */
export abstract class QueryParser extends SelectParser {
  abstract readonly writingStatement: Rule<WritingStatement>;

  readonly query: Rule<Query> = this.RULE('query', (): Query => {
    const position = this.here();
    const withClause = this.OPTION(() => this.SUBRULE(this.withClause));
    const body = this.SUBRULE(this.queryBody);
    const sorted = this.OPTION2(() => this.SUBRULE(this.distribution));
    const orderBy = this.OPTION1(() => this.SUBRULE(this.orderBy)) ?? sorted ?? [];
    const { limit, offset } = this.SUBRULE(this.rowCounts) ?? {};
    this.MANY(() => {
      const word = this.SUBRULE(this.lockingClause);
      this.ACTION(() => assertLockable(body, word.startOffset));
    });
    const end = this.behind();
    const bare = withClause === undefined && orderBy.length === 0 && limit === undefined && offset === undefined;
    if (bare && body?.kind === 'query') return body;
    return { kind: 'query', with: withClause, body, orderBy, limit, offset, position, end };
  });

  /** Spark's DISTRIBUTE BY, SORT BY and CLUSTER BY: where and how rows are sorted. Here they are one partition. */
  readonly distribution: Rule<readonly OrderByItem[]> = this.RULE('distribution', () => {
    let sorted: readonly OrderByItem[] = [];
    this.AT_LEAST_ONE(() => {
      const word = this.CONSUME(T.Distribute) as SqlToken;
      this.CONSUME(K.by);
      const items: OrderByItem[] = [];
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.orderByItem)) });
      if (word.text !== 'distribute') sorted = items;
    });
    return sorted;
  });

  readonly subquery: Rule<Query> = this.RULE('subquery', () => {
    this.CONSUME(T.QueryParen);
    const query = this.SUBRULE(this.query);
    this.CONSUME(T.RParen);
    return query;
  });

  readonly queryBody: Rule<QueryBody, [minimum?: number]> = this.RULE('queryBody', (minimum = 0) => {
    let left = this.OR<QueryBody>([
      { ALT: () => this.SUBRULE(this.select) },
      { ALT: () => this.SUBRULE(this.fromFirst) },
      { ALT: () => this.SUBRULE(this.values) },
      { ALT: () => this.SUBRULE(this.tableQuery) },
      {
        ALT: () => {
          const query = this.SUBRULE(this.subquery);
          return this.ACTION(() => withoutParentheses(query));
        },
      },
    ]);
    this.MANY({
      GATE: () => (setLevels.get(this.LA(1).tokenType) ?? 0) > minimum,
      DEF: () => {
        const level = setLevels.get(this.LA(1).tokenType) ?? 0;
        const operator = this.OR1<'union' | 'except' | 'intersect'>([
          { ALT: () => this.CONSUME(K.union) && 'union' },
          { ALT: () => this.CONSUME(K.except) && 'except' },
          { ALT: () => this.CONSUME(K.intersect) && 'intersect' },
        ]);
        const all = this.OPTION(() =>
          this.OR2([{ ALT: () => this.CONSUME(K.all) && true }, { ALT: () => this.CONSUME(K.distinct) && false }]),
        );
        const byName = this.OPTION1(() => {
          this.CONSUME(K.by);
          const word = this.CONSUME(T.Identifier) as SqlToken;
          this.ACTION(() => word.text === 'name' || this.rejectToken(word, 'Expected NAME.'));
          return true;
        });
        const right = this.SUBRULE(this.queryBody, { ARGS: [level] });
        const { position } = left;
        left = { kind: 'setOperation', operator, all: all ?? false, byName: byName ?? false, left, right, position };
      },
    });
    return left;
  });

  readonly values: Rule<Values> = this.RULE('values', (): Values => {
    const position = this.CONSUME(K.values).startOffset;
    const rows: Expression[][] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        // `((select 1))` is a row, too.
        this.OR([{ ALT: () => this.CONSUME(T.LParen) }, { ALT: () => this.CONSUME(T.QueryParen) }]);
        rows.push(this.SUBRULE(this.expressionList));
        this.CONSUME(T.RParen);
      },
    });
    return { kind: 'values', rows, position };
  });

  /** `TABLE name` is `SELECT * FROM name`. */
  readonly tableQuery: Rule<QueryBody> = this.RULE('tableQuery', (): QueryBody => {
    const position = this.CONSUME(K.table).startOffset;
    const name = this.SUBRULE(this.qualifiedName);
    const star = { kind: 'star', qualifier: [], exclude: [], replace: [], rename: [], position } as const;
    return plainSelect([star], [{ kind: 'table', name, alias: undefined, position: name?.position }], position);
  });

  readonly withClause: Rule<WithClause> = this.RULE('withClause', (): WithClause => {
    const position = this.CONSUME(K.with).startOffset;
    const recursive = this.OPTION({
      GATE: () => !this.nextIs(K.as, 2),
      DEF: () => this.CONSUME(K.recursive),
    });
    const tables: CommonTableExpression[] = [];
    const modifications: ModifyingTable[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const table = this.SUBRULE(this.commonTable, { ARGS: [tables.length] });
        this.ACTION(() => (table.kind === 'modifyingTable' ? modifications.push(table) : tables.push(table)));
      },
    });
    return { kind: 'with', recursive: recursive !== undefined, tables, modifications, position };
  });

  readonly commonTable: Rule<CommonTable, [tablesBefore: number]> = this.RULE(
    'commonTable',
    (tablesBefore: number): CommonTable => {
      const name = this.SUBRULE(this.name);
      const columns = this.OPTION(() => this.SUBRULE(this.nameList)) ?? [];
      this.CONSUME(K.as);
      const materialized = this.OPTION1(() => {
        const not = this.OPTION2(() => this.CONSUME(K.not));
        this.CONSUME(K.materialized);
        return not === undefined;
      });
      const { position } = name;
      return this.OR<CommonTable>([
        {
          ALT: () => {
            const query = this.SUBRULE(this.subquery);
            const search = this.OPTION3(() => this.SUBRULE(this.searchClause));
            const cycle = this.OPTION4(() => this.SUBRULE(this.cycleClause));
            const table = { kind: 'commonTableExpression', name, columns, materialized, query, position } as const;
            return this.ACTION(() => withRecursionOrder(table, search, cycle));
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.LParen);
            const statement = this.SUBRULE(this.writingStatement);
            this.CONSUME(T.RParen);
            return { kind: 'modifyingTable', name, columns, statement, tablesBefore, position };
          },
        },
      ]);
    },
  );

  readonly searchClause: Rule<SearchClause> = this.RULE('searchClause', (): SearchClause => {
    const position = this.CONSUME(K.search).startOffset;
    const breadth = this.OR([
      { ALT: () => this.CONSUME(K.depth) && false },
      { ALT: () => this.CONSUME(K.breadth) && true },
    ]);
    this.CONSUME(K.first);
    this.CONSUME(K.by);
    const columns = this.SUBRULE(this.bareNames);
    this.CONSUME(K.set);
    const sequence = this.SUBRULE(this.name);
    return { breadth, columns, sequence, position };
  });

  readonly cycleClause: Rule<CycleClause> = this.RULE('cycleClause', (): CycleClause => {
    const position = this.CONSUME(K.cycle).startOffset;
    const columns = this.SUBRULE(this.bareNames);
    this.CONSUME(K.set);
    const mark = this.SUBRULE(this.name);
    const values = this.OPTION(() => {
      this.CONSUME(K.to);
      const value = this.SUBRULE(this.expression);
      this.CONSUME(K.default);
      return { value, otherwise: this.SUBRULE1(this.expression) };
    });
    this.CONSUME(K.using);
    const path = this.SUBRULE1(this.name);
    const { value, otherwise } = values ?? {
      value: { kind: 'booleanLiteral', value: true, position } as const,
      otherwise: { kind: 'booleanLiteral', value: false, position } as const,
    };
    return { columns, mark, value, otherwise, path, position };
  });

  readonly bareNames: Rule<Identifier[]> = this.RULE('bareNames', () => {
    const names: Identifier[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.name)) });
    return names;
  });

  /** LIMIT, OFFSET and FETCH, in any order. */
  readonly rowCounts: Rule<RowCounts> = this.RULE('rowCounts', () => {
    const counts: RowCounts = { limit: undefined, offset: undefined };
    this.MANY(() => {
      const word = this.LA(1);
      this.OR([
        {
          ALT: () => {
            this.ACTION(() => counts.limit === undefined || this.rejectToken(word, 'A query has one LIMIT or FETCH.'));
            counts.limit = this.SUBRULE(this.limit);
          },
        },
        {
          ALT: () => {
            this.ACTION(() => counts.limit === undefined || this.rejectToken(word, 'A query has one LIMIT or FETCH.'));
            counts.limit = this.SUBRULE(this.fetch);
          },
        },
        {
          ALT: () => {
            this.ACTION(() => counts.offset === undefined || this.rejectToken(word, 'A query has one OFFSET.'));
            counts.offset = this.SUBRULE(this.offset);
          },
        },
      ]);
    });
    return counts;
  });

  readonly limit: Rule<LimitClause | undefined> = this.RULE('limit', () => {
    const position = this.CONSUME(K.limit).startOffset;
    return this.OR<LimitClause | undefined>([
      { ALT: () => this.CONSUME(K.all) && undefined },
      { ALT: () => ({ kind: 'limit', count: this.SUBRULE(this.expression), withTies: false, position }) },
    ]);
  });

  readonly offset: Rule<Expression> = this.RULE('offset', () => {
    this.CONSUME(K.offset);
    const offset = this.SUBRULE(this.expression);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(K.row) }, { ALT: () => this.CONSUME(K.rows) }]));
    return offset;
  });

  /** `FETCH FIRST | NEXT [n] ROW | ROWS ONLY | WITH TIES`; without a number, one row. */
  readonly fetch: Rule<LimitClause> = this.RULE('fetch', (): LimitClause => {
    const position = this.CONSUME(K.fetch).startOffset;
    this.OR([{ ALT: () => this.CONSUME(K.first) }, { ALT: () => this.CONSUME(K.next) }]);
    const count = this.OPTION({
      GATE: () => !this.nextIs(K.row) && !this.nextIs(K.rows),
      DEF: () => this.SUBRULE(this.expression),
    });
    this.OR1([{ ALT: () => this.CONSUME(K.row) }, { ALT: () => this.CONSUME(K.rows) }]);
    const withTies = this.OR2([
      { ALT: () => this.CONSUME(K.only) && false },
      { ALT: () => this.CONSUME(K.with) && this.CONSUME(K.ties) && true },
    ]);
    return { kind: 'limit', count: count ?? { kind: 'numericLiteral', text: '1', position }, withTies, position };
  });

  /** Files of a table never change, and a query reads one consistent set of them: there is nothing to lock. */
  readonly lockingClause: Rule<SqlToken> = this.RULE('lockingClause', () => {
    const word = this.CONSUME(K.for) as SqlToken;
    this.OR([
      { ALT: () => this.CONSUME(K.update) },
      { ALT: () => this.CONSUME(K.share) },
      {
        ALT: () => {
          this.CONSUME(K.no);
          this.CONSUME(K.key);
          this.CONSUME1(K.update);
        },
      },
      { ALT: () => this.CONSUME1(K.key) && this.CONSUME1(K.share) },
    ]);
    this.OPTION(() => {
      this.CONSUME(K.of);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.qualifiedName) });
    });
    this.OPTION1(() =>
      this.OR1([{ ALT: () => this.CONSUME(K.nowait) }, { ALT: () => this.CONSUME(K.skip) && this.CONSUME(K.locked) }]),
    );
    return word;
  });
}

/** As PostgreSQL: rows that are made of several cannot be locked. */
function assertLockable(body: QueryBody, position: number): void {
  const clause =
    body.kind === 'setOperation'
      ? 'UNION/INTERSECT/EXCEPT'
      : body.kind !== 'select'
        ? undefined
        : body.distinct
          ? 'DISTINCT clause'
          : body.groupBy
            ? 'GROUP BY clause'
            : body.having
              ? 'HAVING clause'
              : undefined;
  if (clause === undefined) return;
  throw notSupportedError(`FOR UPDATE is not allowed with ${clause}`, {
    position,
    hint: 'Leave it out: a query reads one consistent set of files anyway.',
  });
}
