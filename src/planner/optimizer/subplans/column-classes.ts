import type { Expression } from '../../expression.js';
import { expressionKey, rewriteBottomUp } from '../../logical/expression-tree.js';

/** Conditions that all hold: which columns they equate, and what else they ask. */
export class ColumnClasses {
  private readonly parents = new Map<number, number>();
  private readonly others: ReadonlySet<string>;

  constructor(conjuncts: readonly Expression[]) {
    for (const conjunct of conjuncts) {
      const pair = equatedColumns(conjunct);
      if (pair && !this.areEqual(...pair)) this.parents.set(this.classOf(pair[0]), this.classOf(pair[1]));
    }
    this.others = new Set(conjuncts.filter((conjunct) => !equatedColumns(conjunct)).map((each) => this.keyOf(each)));
  }

  /** The same number for columns that are equal. */
  classOf(column: number): number {
    const parent = this.parents.get(column);
    return parent === undefined ? column : this.classOf(parent);
  }

  areEqual(left: number, right: number): boolean {
    return this.classOf(left) === this.classOf(right);
  }

  /** Does the condition follow from these? False where that is not seen. */
  imply(conjunct: Expression): boolean {
    const pair = equatedColumns(conjunct);
    return pair ? this.areEqual(...pair) : this.others.has(this.keyOf(conjunct));
  }

  private keyOf(conjunct: Expression): string {
    const representative = rewriteBottomUp(conjunct, (part) =>
      part.kind === 'column' ? { ...part, column: this.classOf(part.column) } : part,
    );
    return expressionKey(representative);
  }
}

/** Columns that the condition says to be equal, and not NULL. */
export function equatedColumns(conjunct: Expression): readonly [number, number] | undefined {
  if (conjunct.kind !== 'comparison' || conjunct.operator !== '=') return undefined;
  const { left, right } = conjunct;
  return left.kind === 'column' && right.kind === 'column' ? [left.column, right.column] : undefined;
}
