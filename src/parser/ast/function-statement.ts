import type { AstNode, AstRange } from './ast-node.js';
import type { DefaultClause } from './definition-statement.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { StringLiteral } from './literal.js';
import type { TypeName } from './type-name.js';

/** `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS '…'`, `… RETURN expression`, or `CREATE MACRO f(a) AS …`. */
export interface CreateFunctionStatement extends AstNode, AstRange {
  readonly kind: 'createFunction';
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  /** A macro's arguments have no types, and what they are is put into its text as it was written. */
  readonly isMacro: boolean;
  readonly parameters: readonly FunctionParameter[];
  readonly returns: FunctionResult | undefined;
  readonly language: string | undefined;
  /** An argument that is NULL makes the result NULL. */
  readonly isStrict: boolean;
  readonly body: FunctionBody;
}

export interface FunctionParameter extends AstNode {
  readonly kind: 'functionParameter';
  readonly name: Identifier | undefined;
  readonly type: TypeName | undefined;
  readonly default: DefaultClause | undefined;
}

export type FunctionResult =
  | { readonly kind: 'value' | 'set'; readonly type: TypeName }
  | { readonly kind: 'table'; readonly columns: readonly { readonly name: Identifier; readonly type: TypeName }[] };

export type FunctionBody =
  /** SQL in a literal. */
  | { readonly kind: 'text'; readonly literal: StringLiteral }
  /** Its text is `sql.slice(position, end)`. */
  | ({ readonly kind: 'expression' | 'query' } & AstNode & AstRange);

/** `DROP FUNCTION [IF EXISTS] f(int), g`; the types of arguments are not looked at. */
export interface DropFunctionStatement extends AstNode, AstRange {
  readonly kind: 'dropFunction';
  readonly isMacro: boolean;
  readonly names: readonly QualifiedName[];
  readonly ifExists: boolean;
}
