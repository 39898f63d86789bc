import { TEXT } from '../../../types/sql-type.js';
import type { ScalarFunction } from '../../function-types.js';
import { quoteIdentifier, quoteLiteral, reservedWordTable } from './quoting.js';

export const quotingFunctions: readonly ScalarFunction[] = [
  {
    name: 'quote_literal',
    doc: 'The text as a literal of SQL; of another value, its text.',
    example: { sql: "quote_literal('O''Reilly'), quote_literal(42)", result: "'O''Reilly'\t'42'" },
    overloads: [
      {
        args: ['text'],
        returns: TEXT,
        fallible: true,
        implementation: {
          kind: 'kernel',
          kernel: 'textQuoteLiteral',
          block: true,
          fallback: () => (args) => quoteLiteral(args[0] as string),
        },
      },
      {
        args: ['any'],
        returns: TEXT,
        fallible: true,
        strict: false,
        implementation: { kind: 'spelled', sql: 'quote_literal($1::text)' },
      },
    ],
  },
  {
    name: 'quote_ident',
    doc: 'The text as an identifier of SQL, in double quotes where it needs them.',
    example: { sql: "quote_ident('Foo bar'), quote_ident('plain')", result: '"Foo bar"\tplain' },
    overloads: [
      {
        args: ['text'],
        returns: TEXT,
        fallible: true,
        implementation: {
          kind: 'memory',
          kernel: 'textQuoteIdentifier',
          constant: reservedWordTable,
          fallback:
            () =>
            ([name]) =>
              quoteIdentifier(name as string),
        },
      },
    ],
  },
];
