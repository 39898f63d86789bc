import type { Identifier } from '../ast/identifier.js';
import type { Relation, SampledRelation } from '../ast/relation.js';
import type {
  DistinctClause,
  GroupByClause,
  GroupingElement,
  GroupingSetList,
  IntoClause,
  RenamedColumn,
  Select,
  SelectExpression,
  SelectItem,
  Star,
} from '../ast/select.js';
import type { NamedWindow } from '../ast/window.js';
import type { SqlToken } from '../tokens/sql-token.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { RelationParser } from './relation-parser.js';

const K = T.Keyword;

/** What follows FROM. */
type SelectClauses = Pick<Select, 'where' | 'groupBy' | 'having' | 'windows' | 'qualify'>;

/** With DuckDB's USING SAMPLE, which stands behind them and is of the rows of FROM. */
interface ParsedClauses {
  readonly clauses: SelectClauses;
  readonly sample: Sample | undefined;
}

type SampleSize = Pick<SampledRelation, 'percent' | 'ofRows'>;
type Sample = SampleSize & Pick<SampledRelation, 'method' | 'position'>;

/** SELECT with its clauses up to QUALIFY. */
export abstract class SelectParser extends RelationParser {
  readonly select: Rule<Select> = this.RULE('select', (): Select => {
    const position = this.CONSUME(K.select).startOffset;
    const distinct = this.OPTION(() => this.SUBRULE(this.distinctClause));
    const items: SelectItem[] = [];
    this.MANY_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
    const into = this.OPTION2(() => this.SUBRULE(this.intoClause));
    const from = this.OPTION1(() => {
      this.CONSUME(K.from);
      const relations: Relation[] = [];
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => relations.push(this.SUBRULE(this.relation)) });
      return relations;
    });
    const { clauses, sample } = this.SUBRULE(this.selectClauses);
    const sampled = this.ACTION(() => this.sampledFrom(from ?? [], sample));
    return { kind: 'select', distinct, items, from: sampled, ...clauses, position, ...(into && { into }) };
  });

  readonly intoClause: Rule<IntoClause> = this.RULE('intoClause', (): IntoClause => {
    const position = this.CONSUME(K.into).startOffset;
    const temporary = this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(K.temp) && true },
        { ALT: () => this.CONSUME(K.temporary) && true },
        { ALT: () => this.CONSUME(K.unlogged) && false },
      ]),
    );
    this.OPTION1(() => this.CONSUME(K.table));
    const name = this.SUBRULE(this.qualifiedName);
    return { kind: 'into', name, temporary: temporary ?? false, position };
  });

  readonly selectClauses: Rule<ParsedClauses> = this.RULE('selectClauses', (): ParsedClauses => {
    const where = this.OPTION(() => {
      this.CONSUME(K.where);
      return this.SUBRULE(this.expression);
    });
    const groupBy = this.OPTION1(() => this.SUBRULE(this.groupBy));
    const having = this.OPTION2(() => {
      this.CONSUME(K.having);
      return this.SUBRULE1(this.expression);
    });
    const windows = this.OPTION3(() => this.SUBRULE(this.windowClause));
    const qualify = this.OPTION4(() => {
      this.CONSUME(K.qualify);
      return this.SUBRULE2(this.expression);
    });
    const sample = this.OPTION5(() => this.SUBRULE(this.usingSample));
    return { clauses: { where, groupBy, having, windows: windows ?? [], qualify }, sample };
  });

  /** `USING SAMPLE 10%`, `10 ROWS`, `10 PERCENT`, `reservoir(10 ROWS)`. */
  readonly usingSample: Rule<Sample> = this.RULE('usingSample', (): Sample => {
    const position = this.CONSUME(K.using).startOffset;
    const word = this.CONSUME(T.Identifier) as SqlToken;
    this.ACTION(() => word.text === 'sample' || this.rejectToken(word, 'Expected SAMPLE.'));
    const { size, named } = this.OR<{ readonly size: SampleSize; readonly named: Identifier | undefined }>([
      { ALT: () => ({ size: this.SUBRULE(this.sampleSize), named: undefined }) },
      {
        ALT: () => {
          const name = this.SUBRULE(this.name);
          this.CONSUME(T.LParen);
          const size = this.SUBRULE1(this.sampleSize);
          this.CONSUME(T.RParen);
          return { size, named: name };
        },
      },
    ]);
    const isOther = named !== undefined && named.name !== 'reservoir';
    return { ...size, method: isOther ? named : this.rowByRow(position), position };
  });

  readonly sampleSize: Rule<SampleSize> = this.RULE('sampleSize', () => {
    const percent = this.toNumber(this.CONSUME(T.NumberLiteral));
    const ofRows = this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(T.Percent) && false }, { ALT: () => this.SUBRULE(this.sampleUnit) }]),
    );
    return { percent, ofRows: ofRows ?? true };
  });

  private sampledFrom(from: readonly Relation[], sample: Sample | undefined): readonly Relation[] {
    const [first, ...others] = from;
    if (sample === undefined) return from;
    if (first === undefined) this.rejectAt(sample.position, 'USING SAMPLE is of the rows of FROM.');
    const relation = others.reduce((left, right) => this.joinOf('cross', left, right, undefined), first as Relation);
    return [{ kind: 'sample', relation, ...sample, seed: undefined }];
  }

  /** `FROM t [SELECT …]`: the clauses of a SELECT in the order in which they are computed. */
  readonly fromFirst: Rule<Select> = this.RULE('fromFirst', (): Select => {
    const position = this.CONSUME(K.from).startOffset;
    const from: Relation[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => from.push(this.SUBRULE(this.relation)) });
    const items: SelectItem[] = [];
    const distinct = this.OPTION(() => {
      this.CONSUME(K.select);
      const found = this.OPTION1(() => this.SUBRULE(this.distinctClause));
      this.AT_LEAST_ONE_SEP1({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
      return found;
    });
    const { clauses, sample } = this.SUBRULE(this.selectClauses);
    const sampled = this.ACTION(() => this.sampledFrom(from, sample));
    if (items.length === 0) items.push({ kind: 'star', qualifier: [], exclude: [], replace: [], rename: [], position });
    return { kind: 'select', distinct, items, from: sampled, ...clauses, position };
  });

  readonly distinctClause: Rule<DistinctClause | undefined> = this.RULE('distinctClause', () =>
    this.OR<DistinctClause | undefined>([
      { ALT: () => this.CONSUME(K.all) && undefined },
      {
        ALT: () => {
          const position = this.CONSUME(K.distinct).startOffset;
          const on = this.OPTION(() => {
            this.CONSUME(K.on);
            this.CONSUME(T.LParen);
            const expressions = this.SUBRULE(this.expressionList);
            this.CONSUME(T.RParen);
            return expressions;
          });
          return { kind: 'distinct', on: on ?? [], position };
        },
      },
    ]),
  );

  readonly selectItem: Rule<SelectItem> = this.RULE('selectItem', () =>
    this.OR<SelectItem>([
      {
        ALT: () => {
          const position = this.CONSUME(T.Star).startOffset;
          return this.SUBRULE(this.starOf, { ARGS: [[], position] });
        },
      },
      { ALT: () => this.SUBRULE(this.expressionItem) },
    ]),
  );

  readonly expressionItem: Rule<SelectItem> = this.RULE('expressionItem', () => {
    const expression = this.SUBRULE(this.expression);
    return this.OR<SelectItem>([
      {
        ALT: () => {
          this.CONSUME(T.Dot);
          const star = this.CONSUME(T.Star);
          const parts = expression?.kind === 'columnReference' ? expression.parts : [];
          const item = this.SUBRULE(this.starOf, { ARGS: [parts, expression?.position ?? star.startOffset] });
          return this.ACTION(() => (parts.length === 0 ? { ...item, row: expression } : item));
        },
      },
      {
        ALT: () => {
          const alias = this.OPTION(() => this.SUBRULE(this.columnAlias));
          return { kind: 'selectExpression', expression, alias, position: expression?.position };
        },
      },
    ]);
  });

  readonly columnAlias: Rule<Identifier> = this.RULE('columnAlias', () =>
    this.OR<Identifier>([
      { ALT: () => this.CONSUME(K.as) && this.toIdentifier(this.CONSUME(T.AnyLabel)) },
      { ALT: () => this.toIdentifier(this.CONSUME(T.BareLabel)) },
    ]),
  );

  /** What may follow a star: `EXCLUDE (a, b)`, `EXCLUDE a`, `EXCEPT (a, b)` (Spark), `REPLACE (x AS a)`. */
  readonly starOf: Rule<Star, [qualifier: readonly Identifier[], position: number]> = this.RULE(
    'starOf',
    (qualifier: readonly Identifier[], position: number): Star => {
      const exclude = this.OPTION({
        // EXCEPT and a query is the set operation.
        GATE: () => !this.nextIs(K.except) || this.nextIs(T.LParen, 2),
        DEF: () => {
          this.OR1([{ ALT: () => this.CONSUME(K.exclude) }, { ALT: () => this.CONSUME(K.except) }]);
          return this.OR<Identifier[]>([
            { ALT: () => this.SUBRULE(this.nameList) },
            { ALT: () => [this.SUBRULE(this.name)] },
          ]);
        },
      });
      const replace: SelectExpression[] = [];
      this.OPTION1(() => {
        this.CONSUME(K.replace);
        this.CONSUME(T.LParen);
        this.AT_LEAST_ONE_SEP({
          SEP: T.Comma,
          DEF: () => {
            const expression = this.SUBRULE(this.expression);
            const alias = this.SUBRULE(this.columnAlias);
            replace.push({ kind: 'selectExpression', expression, alias, position: expression?.position });
          },
        });
        this.CONSUME(T.RParen);
      });
      const rename: RenamedColumn[] = [];
      this.OPTION2(() => {
        this.CONSUME(K.rename);
        this.CONSUME1(T.LParen);
        this.AT_LEAST_ONE_SEP1({
          SEP: T.Comma,
          DEF: () => {
            const column = this.SUBRULE1(this.name);
            this.CONSUME(K.as);
            const name = this.toIdentifier(this.CONSUME(T.AnyLabel));
            rename.push({ column, name });
          },
        });
        this.CONSUME1(T.RParen);
      });
      return { kind: 'star', qualifier, exclude: exclude ?? [], replace, rename, position };
    },
  );

  readonly groupBy: Rule<GroupByClause> = this.RULE('groupBy', (): GroupByClause => {
    const position = this.CONSUME(K.group).startOffset;
    this.CONSUME(K.by);
    const quantifier = this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(K.all) }, { ALT: () => this.CONSUME(K.distinct) }]),
    );
    const elements: GroupingElement[] = [];
    this.MANY_SEP({ SEP: T.Comma, DEF: () => elements.push(this.SUBRULE(this.groupingElement)) });
    const word = (quantifier as SqlToken | undefined)?.text;
    const all = word === 'all' && elements.length === 0;
    if (!all && elements.length === 0) this.ACTION(() => this.rejectToken(this.LA(1), 'Expected an expression.'));
    const sets = this.OPTION1({
      GATE: () => !this.nextIs(K.with) || ['rollup', 'cube'].includes((this.LA(2) as SqlToken).text),
      DEF: () => this.SUBRULE(this.groupingOfAll, { ARGS: [elements] }),
    });
    return { kind: 'groupBy', distinct: word === 'distinct', all, elements: sets ? [sets] : elements, position };
  });

  /** Spark's and MySQL's `GROUP BY a, b WITH ROLLUP`, and Hive's `GROUP BY a, b GROUPING SETS (a, b)`. */
  readonly groupingOfAll: Rule<GroupingSetList, [elements: readonly GroupingElement[]]> = this.RULE(
    'groupingOfAll',
    (elements: readonly GroupingElement[]) =>
      this.OR<GroupingSetList>([
        {
          ALT: () => {
            const position = this.CONSUME(K.with).startOffset;
            const grouping = (this.CONSUME(T.Identifier) as SqlToken).text as GroupingSetList['grouping'];
            return { kind: 'groupingSetList', grouping, elements, position };
          },
        },
        { ALT: () => this.SUBRULE(this.groupingSetList), IGNORE_AMBIGUITIES: true },
      ]),
  );

  readonly groupingElement: Rule<GroupingElement> = this.RULE('groupingElement', () =>
    this.OR<GroupingElement>([
      {
        GATE: () => this.nextIs(T.RParen, 2),
        ALT: () => {
          const position = this.CONSUME(T.LParen).startOffset;
          this.CONSUME(T.RParen);
          return { kind: 'groupingExpression', expressions: [], position };
        },
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.groupingSetList), IGNORE_AMBIGUITIES: true },
      {
        ALT: () => {
          const isRow = this.nextIs(T.LParen);
          const expression = this.SUBRULE(this.expression);
          const expressions = isRow && expression?.kind === 'row' ? expression.elements : [expression];
          return { kind: 'groupingExpression', expressions, position: expression?.position };
        },
      },
    ]),
  );

  readonly groupingSetList: Rule<GroupingSetList> = this.RULE('groupingSetList', (): GroupingSetList => {
    const position = this.here();
    const grouping = this.OR<GroupingSetList['grouping']>([
      { ALT: () => this.CONSUME(K.rollup) && 'rollup' },
      { ALT: () => this.CONSUME(K.cube) && 'cube' },
      { ALT: () => this.CONSUME(T.GroupingSets) && this.CONSUME(K.sets) && 'sets' },
    ]);
    const elements: GroupingElement[] = [];
    this.CONSUME(T.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => elements.push(this.SUBRULE(this.groupingElement)) });
    this.CONSUME(T.RParen);
    return { kind: 'groupingSetList', grouping, elements, position };
  });

  readonly windowClause: Rule<NamedWindow[]> = this.RULE('windowClause', () => {
    const windows: NamedWindow[] = [];
    this.CONSUME(K.window);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.name);
        this.CONSUME(K.as);
        const specification = this.SUBRULE(this.windowSpecification);
        windows.push({ kind: 'namedWindow', name, specification, position: name?.position });
      },
    });
    return windows;
  });
}
