import type { FunctionCall } from '../ast/function-call.js';
import type { Identifier } from '../ast/identifier.js';
import type { FunctionRelation } from '../ast/relation.js';
import * as T from '../tokens/token-types.js';
import { ExpressionParser } from './expression-parser.js';
import { createCall } from './function-parser.js';
import type { Rule } from './parser-base.js';

const K = T.Keyword;

export interface LateralView {
  readonly relation: FunctionRelation;
  /** Rows stay for which the function gives none. */
  readonly isOuter: boolean;
}

/** Spark's `LATERAL VIEW [OUTER] explode(a) [t] [AS x]`, which is a lateral join. */
export abstract class LateralViewParser extends ExpressionParser {
  readonly lateralView: Rule<LateralView> = this.RULE('lateralView', (): LateralView => {
    const { startOffset: position } = this.CONSUME(K.lateral);
    this.CONSUME(K.view);
    const isOuter = this.OPTION(() => this.CONSUME(K.outer)) !== undefined;
    const name = this.SUBRULE(this.qualifiedName);
    const given = this.SUBRULE(this.callArguments);
    const table = this.OPTION1(() => this.SUBRULE(this.name));
    const columns: Identifier[] = [];
    this.OPTION2(() => {
      this.CONSUME(K.as);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE1(this.name)) });
    });
    return this.ACTION(() => {
      const call = createCall(name, given);
      const relation: FunctionRelation = {
        kind: 'function',
        lateral: true,
        call,
        withOrdinality: false,
        alias: {
          kind: 'tableAlias',
          name: table ?? { kind: 'identifier', name: `lateral view ${position}`, quoted: true, position },
          columns: columns.length > 0 ? columns : defaultColumns(call, position),
          position,
        },
        columnDefinitions: [],
        position,
      };
      return { relation, isOuter };
    });
  });
}

/** As Spark calls them. */
function defaultColumns({ name }: FunctionCall, position: number): Identifier[] {
  const isPlain = name.parts.at(-1)!.name === 'explode';
  return isPlain ? [{ kind: 'identifier', name: 'col', quoted: false, position }] : [];
}
