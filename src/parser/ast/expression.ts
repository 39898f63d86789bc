import type { AssignedExpression, CastExpression, CollateExpression } from './cast-expression.js';
import type { ColumnReference, ParameterReference } from './column-reference.js';
import type {
  ArrayExpression,
  DefaultValue,
  FieldExpression,
  RowExpansion,
  RowExpression,
  SliceExpression,
  SubscriptExpression,
} from './composite-expression.js';
import type { CaseExpression } from './conditional.js';
import type { FunctionCall, LambdaExpression, SessionValue } from './function-call.js';
import type {
  BooleanLiteral,
  IntervalLiteral,
  NullLiteral,
  NumericLiteral,
  StringLiteral,
  TypedLiteral,
} from './literal.js';
import type { BinaryExpression, LogicalExpression, NotExpression, UnaryExpression } from './operator-expression.js';
import type {
  BetweenExpression,
  InListExpression,
  InSubqueryExpression,
  IsDistinctFromExpression,
  IsExpression,
  IsJsonExpression,
  LikeExpression,
} from './predicate.js';
import type {
  ArraySubquery,
  ExistsExpression,
  QuantifiedArray,
  QuantifiedSubquery,
  ScalarSubquery,
} from './subquery.js';

/** Every expression. Switch over `kind` exhaustively. */
export type Expression =
  | NumericLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | TypedLiteral
  | IntervalLiteral
  | ColumnReference
  | ParameterReference
  | SessionValue
  | UnaryExpression
  | BinaryExpression
  | LogicalExpression
  | NotExpression
  | IsExpression
  | IsJsonExpression
  | IsDistinctFromExpression
  | BetweenExpression
  | LikeExpression
  | InListExpression
  | InSubqueryExpression
  | ScalarSubquery
  | ExistsExpression
  | ArraySubquery
  | QuantifiedSubquery
  | QuantifiedArray
  | CaseExpression
  | CastExpression
  | AssignedExpression
  | CollateExpression
  | FunctionCall
  | LambdaExpression
  | ArrayExpression
  | RowExpression
  | SubscriptExpression
  | SliceExpression
  | FieldExpression
  | RowExpansion
  | DefaultValue;
