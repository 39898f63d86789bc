export type * from './ast/index.js';
export { formatErrorWithCaret, locatePosition, type TextLocation } from './error-caret.js';
export { parseExpression, parseStatement, parseStatements, parseTypeName } from './parse.js';
export { type SubstitutedText, substituteVariables } from './variables.js';
