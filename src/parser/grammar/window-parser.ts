import { userError } from '../../common/errors.js';
import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { OrderByItem } from '../ast/order-by.js';
import type { Query } from '../ast/query.js';
import type { FrameBound, WindowFrame, WindowSpecification } from '../ast/window.js';
import * as T from '../tokens/token-types.js';
import type { Rule } from './parser-base.js';
import { TypeParser } from './type-parser.js';

const K = T.Keyword;
const frameUnits = [K.rows, K.range, K.groups];

/** ORDER BY lists and window specifications. */
export abstract class WindowParser extends TypeParser {
  /** An expression whose infix operators all bind tighter than `minimum`. */
  abstract readonly expression: Rule<Expression, [minimum?: number]>;
  abstract readonly query: Rule<Query>;
  /** A query in parentheses. */
  abstract readonly subquery: Rule<Query>;

  readonly expressionList: Rule<Expression[]> = this.RULE('expressionList', () => {
    const expressions: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => expressions.push(this.SUBRULE(this.expression)) });
    return expressions;
  });

  readonly orderBy: Rule<OrderByItem[]> = this.RULE('orderBy', () => {
    const items: OrderByItem[] = [];
    this.CONSUME(K.order);
    this.CONSUME(K.by);
    this.OR([
      {
        ALT: () => {
          const { startOffset: position } = this.CONSUME(K.all);
          const order = this.SUBRULE(this.sortOrder);
          const expression: Expression = { kind: 'nullLiteral', position };
          items.push({ kind: 'orderByItem', expression, all: true, ...order, position });
        },
      },
      {
        ALT: () => this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.orderByItem)) }),
      },
    ]);
    return items;
  });

  readonly orderByItem: Rule<OrderByItem> = this.RULE('orderByItem', (): OrderByItem => {
    const expression = this.SUBRULE(this.expression);
    const order = this.SUBRULE(this.sortOrder);
    return { kind: 'orderByItem', expression, ...order, position: expression.position };
  });

  readonly sortOrder: Rule<Pick<OrderByItem, 'direction' | 'nulls'>> = this.RULE('sortOrder', () => {
    const direction = this.OPTION(() =>
      this.OR<'asc' | 'desc'>([
        { ALT: () => this.CONSUME(K.asc) && 'asc' },
        { ALT: () => this.CONSUME(K.desc) && 'desc' },
      ]),
    );
    const nulls = this.OPTION1(() => {
      this.CONSUME(K.nulls);
      return this.OR1<'first' | 'last'>([
        { ALT: () => this.CONSUME(K.first) && 'first' },
        { ALT: () => this.CONSUME(K.last) && 'last' },
      ]);
    });
    return { direction: direction ?? 'asc', nulls };
  });

  /** `([base] [PARTITION BY …] [ORDER BY …] [frame])`. */
  readonly windowSpecification: Rule<WindowSpecification> = this.RULE(
    'windowSpecification',
    (): WindowSpecification => {
      const position = this.CONSUME(T.LParen).startOffset;
      const base = this.OPTION<Identifier>({
        GATE: () => !this.nextIs(K.partition) && !frameUnits.some((unit) => this.nextIs(unit)),
        DEF: () => this.SUBRULE(this.name),
      });
      const partitionBy = this.OPTION1(() => {
        this.CONSUME(K.partition);
        this.CONSUME(K.by);
        return this.SUBRULE(this.expressionList);
      });
      const orderBy = this.OPTION2(() => this.SUBRULE(this.orderBy));
      const frame = this.OPTION3(() => this.SUBRULE(this.windowFrame));
      this.CONSUME(T.RParen);
      return {
        kind: 'windowSpecification',
        base,
        partitionBy: partitionBy ?? [],
        orderBy: orderBy ?? [],
        frame,
        position,
      };
    },
  );

  readonly windowFrame: Rule<WindowFrame> = this.RULE('windowFrame', (): WindowFrame => {
    const position = this.here();
    const unit = this.OR<WindowFrame['unit']>([
      { ALT: () => this.CONSUME(K.rows) && 'rows' },
      { ALT: () => this.CONSUME(K.range) && 'range' },
      { ALT: () => this.CONSUME(K.groups) && 'groups' },
    ]);
    const bounds = this.OR1<{ start: FrameBound; end: FrameBound }>([
      {
        ALT: () => {
          this.CONSUME(K.between);
          const start = this.SUBRULE(this.frameBound);
          this.CONSUME(K.and);
          return { start, end: this.SUBRULE1(this.frameBound) };
        },
      },
      {
        ALT: () => {
          const start = this.SUBRULE2(this.frameBound);
          return { start, end: { kind: 'frameBound', bound: 'current row', offset: undefined, position } };
        },
      },
    ]);
    const exclude = this.OPTION(() => this.SUBRULE(this.frameExclusion));
    this.ACTION(() => this.checkFrame(bounds.start, bounds.end));
    return { kind: 'windowFrame', unit, start: bounds.start, end: bounds.end, exclude, position };
  });

  private checkFrame(start: FrameBound, end: FrameBound): void {
    const order = ['unbounded preceding', 'preceding', 'current row', 'following', 'unbounded following'];
    if (start.bound === 'unbounded following') this.rejectFrame('frame start cannot be UNBOUNDED FOLLOWING', start);
    if (end.bound === 'unbounded preceding') this.rejectFrame('frame end cannot be UNBOUNDED PRECEDING', end);
    if (order.indexOf(start.bound) > order.indexOf(end.bound)) {
      const from = start.bound === 'current row' ? start.bound : `${start.bound} row`;
      this.rejectFrame(`frame starting from ${from} cannot have preceding rows`, end);
    }
  }

  private rejectFrame(message: string, bound: FrameBound): never {
    throw userError('42P20', message, { position: bound.position });
  }

  readonly frameBound: Rule<FrameBound> = this.RULE('frameBound', (): FrameBound => {
    const position = this.here();
    let offset: Expression | undefined;
    const bound = this.OR<FrameBound['bound']>([
      {
        ALT: () => {
          this.CONSUME(K.unbounded);
          return `unbounded ${this.SUBRULE(this.frameDirection)}`;
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.current);
          this.CONSUME(K.row);
          return 'current row';
        },
      },
      {
        ALT: () => {
          offset = this.SUBRULE(this.expression);
          return this.SUBRULE1(this.frameDirection);
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]);
    return { kind: 'frameBound', bound, offset, position };
  });

  readonly frameDirection: Rule<'preceding' | 'following'> = this.RULE('frameDirection', () =>
    this.OR<'preceding' | 'following'>([
      { ALT: () => this.CONSUME(K.preceding) && 'preceding' },
      { ALT: () => this.CONSUME(K.following) && 'following' },
    ]),
  );

  readonly frameExclusion: Rule<WindowFrame['exclude']> = this.RULE('frameExclusion', () => {
    this.CONSUME(K.exclude);
    return this.OR<WindowFrame['exclude']>([
      { ALT: () => this.CONSUME(K.current) && this.CONSUME(K.row) && 'current row' },
      { ALT: () => this.CONSUME(K.group) && 'group' },
      { ALT: () => this.CONSUME(K.ties) && 'ties' },
      { ALT: () => this.CONSUME(K.no) && this.CONSUME(K.others) && undefined },
    ]);
  });
}
