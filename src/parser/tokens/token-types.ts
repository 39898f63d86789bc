import type { TokenType } from 'chevrotain';
import { createToken, Lexer } from 'chevrotain';
import { type KeywordText, keywordGroups } from './keywords.js';

function category(name: string): TokenType {
  return createToken({ name, pattern: Lexer.NA });
}

/** Any word: what may follow AS or a dot. */
export const AnyLabel: TokenType = category('AnyLabel');
/** A column alias without AS. */
export const BareLabel: TokenType = category('BareLabel');
/** A name of a column, table or function. */
export const Name: TokenType = category('Name');
/** Every operator that stands between two operands, AND, OR and the predicates excepted. */
export const InfixOperator: TokenType = category('InfixOperator');
/** CURRENT_DATE and its kin. */
export const SessionValueWord: TokenType = category('SessionValueWord');

function token(name: string, ...categories: TokenType[]): TokenType {
  const type = createToken({ name, pattern: Lexer.NA });
  // Given to createToken, each token's categories would recount all their members; the parser's constructor does it once.
  type.CATEGORIES = categories;
  return type;
}

const nameCategories = [AnyLabel, BareLabel, Name];

/** Created with its categories, so that the parser's constructor sees that there are any. */
export const Identifier: TokenType = createToken({
  name: 'identifier',
  pattern: Lexer.NA,
  categories: nameCategories,
});
export const QuotedIdentifier: TokenType = token('quoted identifier', ...nameCategories);
export const StringLiteralToken: TokenType = token('string literal');
export const NumberLiteral: TokenType = token('number literal');
export const Parameter: TokenType = token('$1');

export const LParen: TokenType = token('(');
/** An opening parenthesis whose content is a query. Told apart by the look-ahead pass. */
export const QueryParen: TokenType = token('( query');
export const RParen: TokenType = token(')');
export const LBracket: TokenType = token('[');
export const RBracket: TokenType = token(']');
export const LBrace: TokenType = token('{');
export const RBrace: TokenType = token('}');
export const Comma: TokenType = token(',');
export const Semicolon: TokenType = token(';');
export const Dot: TokenType = token('.');
export const Colon: TokenType = token(':');
export const ColonEquals: TokenType = token(':=');
export const Arrow: TokenType = token('=>');
export const Typecast: TokenType = token('::');

export const Plus: TokenType = token('+', InfixOperator);
export const Minus: TokenType = token('-', InfixOperator);
export const Star: TokenType = token('*', InfixOperator);
/** The star of `t.*` within an expression. Told apart by the look-ahead pass. */
export const StarOfRow: TokenType = token('* of a row');
export const Slash: TokenType = token('/', InfixOperator);
export const Percent: TokenType = token('%', InfixOperator);
export const Caret: TokenType = token('^', InfixOperator);
export const Equal: TokenType = token('=', InfixOperator);
export const Less: TokenType = token('<', InfixOperator);
export const Greater: TokenType = token('>', InfixOperator);
export const LessEqual: TokenType = token('<=', InfixOperator);
export const GreaterEqual: TokenType = token('>=', InfixOperator);
export const NotEqual: TokenType = token('<>', InfixOperator);
/** Any other operator: `||`, `->>`, `~*`, `@>` … */
export const OtherOperator: TokenType = token('operator', InfixOperator);

/** Words that mean something else because of the token after them; set by the look-ahead pass. */
export const NotBeforePredicate: TokenType = token('NOT before IN, LIKE …', AnyLabel, BareLabel);
export const WithBeforeTime: TokenType = token('WITH before TIME or ORDINALITY', AnyLabel);
/** ON before CONFLICT, which is no keyword. */
export const OnConflict: TokenType = token('ON before CONFLICT', AnyLabel);
/** ROWS FROM, where an entry of FROM may begin; a name everywhere else. */
export const RowsFrom: TokenType = token('ROWS FROM', ...nameCategories);
export const ArgumentName: TokenType = token('argument name', ...nameCategories);
export const RowConstructor: TokenType = token('ROW (', ...nameCategories);
export const OperatorCall: TokenType = token('OPERATOR (', ...nameCategories);
/** Kinds of joins that are names everywhere else. */
export const SemiJoin: TokenType = token('SEMI JOIN', AnyLabel);
export const AntiJoin: TokenType = token('ANTI JOIN', AnyLabel);
export const AsofJoin: TokenType = token('ASOF JOIN', AnyLabel);
/** What begins a lambda, as an argument of a function that takes one, and its arrow: see lambda-arguments.ts. */
export const LambdaParameter: TokenType = token('x of x -> …', AnyLabel);
export const LambdaParen: TokenType = token('( of (x, y) -> …');
export const LambdaWord: TokenType = token('LAMBDA', AnyLabel);
export const LambdaArrow: TokenType = token('->');
/** Spark's DISTRIBUTE, SORT and CLUSTER before BY. */
export const Distribute: TokenType = token('DISTRIBUTE BY', AnyLabel);
/** INSERT behind the source of Hive's `FROM t INSERT INTO …`, where a name may stand as well. */
export const InsertOfSource: TokenType = token('INSERT INTO', AnyLabel);
/** PIVOT and UNPIVOT before their parenthesis. */
export const Pivot: TokenType = token('PIVOT (', AnyLabel);
export const Unpivot: TokenType = token('UNPIVOT (', AnyLabel);
/** `JSON [VALUE | OBJECT | ARRAY | SCALAR] [WITH | WITHOUT UNIQUE [KEYS]]` behind IS. */
export const JsonTest: TokenType = token('JSON', AnyLabel, BareLabel);
/** JSON_OBJECT and its like before their parenthesis, and their clauses: see json-clauses.ts. */
export const JsonForm: TokenType = token('JSON_OBJECT (', AnyLabel);
/** JSON_TABLE before its parenthesis. */
export const JsonTable: TokenType = token('JSON_TABLE (', AnyLabel);
export const JsonClause: TokenType = token('ON NULL, ON EMPTY or the like');
export const JsonPassing: TokenType = token('PASSING');
export const JsonFormat: TokenType = token('FORMAT JSON');
/** `[NFC | NFD | NFKC | NFKD] NORMALIZED` behind IS. */
export const NormalizedTest: TokenType = token('NORMALIZED', AnyLabel, BareLabel);
export const GroupingSets: TokenType = token('GROUPING SETS', ...nameCategories);

const sessionValueWords: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_user',
  'current_role',
  'session_user',
  'user',
  'current_catalog',
  'current_schema',
]);

/** The token types of keywords that are no names. */
export const reservedKeywordTypes: Set<TokenType> = new Set();

function createKeywords(): Readonly<Record<KeywordText, TokenType>> {
  const keywords: Partial<Record<KeywordText, TokenType>> = {};
  for (const { words, reserved, needsAs } of keywordGroups) {
    for (const word of words) {
      const categories = [AnyLabel];
      if (!needsAs) categories.push(BareLabel);
      if (!reserved) categories.push(Name);
      if (sessionValueWords.has(word)) categories.push(SessionValueWord);
      if (word === 'overlaps') categories.push(InfixOperator);
      const type = token(word.toUpperCase(), ...categories);
      keywords[word] = type;
      if (reserved) reservedKeywordTypes.add(type);
    }
  }
  return keywords as Record<KeywordText, TokenType>;
}

/** One token type for each keyword, by its text in lower case. */
export const Keyword: Readonly<Record<KeywordText, TokenType>> = createKeywords();

export const allTokenTypes: readonly TokenType[] = [
  ...[AnyLabel, BareLabel, Name, InfixOperator, SessionValueWord],
  ...[Identifier, QuotedIdentifier, StringLiteralToken, NumberLiteral, Parameter],
  ...[LParen, QueryParen, RParen, LBracket, RBracket, LBrace, RBrace, Comma, Semicolon],
  ...[Dot, Colon, ColonEquals, Arrow, Typecast],
  ...[Plus, Minus, Star, StarOfRow, Slash, Percent, Caret],
  ...[Equal, Less, Greater, LessEqual, GreaterEqual, NotEqual, OtherOperator],
  ...[
    NotBeforePredicate,
    WithBeforeTime,
    RowsFrom,
    OnConflict,
    ArgumentName,
    RowConstructor,
    OperatorCall,
    GroupingSets,
    JsonTest,
    NormalizedTest,
    JsonForm,
    JsonTable,
    JsonClause,
    JsonPassing,
    JsonFormat,
    SemiJoin,
    AntiJoin,
    AsofJoin,
    Distribute,
    LambdaParameter,
    LambdaParen,
    LambdaWord,
    LambdaArrow,
    Pivot,
    Unpivot,
  ],
  ...Object.values(Keyword),
];
