export type * from './ast/index.js';
export { formatErrorWithCaret, locatePosition } from './error-caret.js';
export { parseExpression, parseStatement, parseStatements, parseTypeName } from './parse.js';
export { plainQuery, plainSelect } from './plain-query.js';
export { findNode, hasNode, mapNodes, type SyntaxNode, visitNodes } from './syntax-walks.js';
export { skipOpaqueText, substituteVariables } from './variables.js';
