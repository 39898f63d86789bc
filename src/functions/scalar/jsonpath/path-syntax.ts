import type { Json } from '../json/json-text.js';

/** jsonpath as a tree, after PostgreSQL's grammar: expressions give sequences of items, predicates true, false or unknown. */
export interface JsonPath {
  readonly strict: boolean;
  readonly body: PathNode;
}

export type PathNode = PathExpression | PathPredicate;

export type PathExpression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'variable'; readonly name: string }
  /** `$`, `@`, and `last`, the index of the last element of the array whose subscript it stands in. */
  | { readonly kind: 'root' | 'current' | 'last' }
  /** A head and what is applied to it; the head of no path is one. */
  | { readonly kind: 'path'; readonly head: PathNode; readonly steps: readonly PathStep[] }
  | { readonly kind: 'unary'; readonly operator: '+' | '-'; readonly operand: PathExpression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: PathExpression;
      readonly right: PathExpression;
    };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonSymbol = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type PathPredicate =
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonSymbol;
      readonly left: PathExpression;
      readonly right: PathExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly left: PathPredicate; readonly right: PathPredicate }
  | { readonly kind: 'not' | 'isUnknown'; readonly operand: PathPredicate }
  | { readonly kind: 'exists'; readonly operand: PathExpression }
  | { readonly kind: 'startsWith'; readonly left: PathExpression; readonly right: PathExpression }
  | { readonly kind: 'likeRegex'; readonly left: PathExpression; readonly pattern: string; readonly flags: string };

/** Levels of `.**`; the last of all is `last`. */
export type PathLevel = number | 'last';

export interface PathSubscript {
  readonly from: PathExpression;
  readonly to: PathExpression | undefined;
}

export type PathStep =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'anyKey' | 'anyElement' }
  | { readonly kind: 'subscripts'; readonly subscripts: readonly PathSubscript[] }
  | { readonly kind: 'descendants'; readonly first: PathLevel; readonly last: PathLevel }
  | { readonly kind: 'filter'; readonly predicate: PathPredicate }
  | { readonly kind: 'method'; readonly name: PathMethod };

export type PathMethod =
  | ('abs' | 'bigint' | 'boolean' | 'ceiling' | 'double' | 'floor' | 'integer' | 'keyvalue' | 'number')
  | ('size' | 'string' | 'type');

export const PATH_METHODS: readonly PathMethod[] = [
  ...(['abs', 'bigint', 'boolean', 'ceiling', 'double', 'floor', 'integer', 'keyvalue', 'number'] as const),
  ...(['size', 'string', 'type'] as const),
];

const PREDICATES: ReadonlySet<PathNode['kind']> = new Set([
  ...(['comparison', 'and', 'or', 'not', 'isUnknown', 'exists', 'startsWith', 'likeRegex'] as const),
]);

export const isPredicate = (node: PathNode): node is PathPredicate => PREDICATES.has(node.kind);
