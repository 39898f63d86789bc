import type { ScalarFunction } from '../function-types.js';

type Spelled = ScalarFunction & {
  /** The same with another number of arguments. */
  and(signature: string, sql: string): Spelled;
  /** With another expression for calls without DISTINCT, ORDER BY and OVER. */
  plainly(sql: string): Spelled;
};

/** `signature` names the arguments, which the expression has as $1, $2 … */
export function spelled(
  signature: string,
  sql: string,
  doc: string,
  example: string,
  result: string,
  aliases: readonly string[] = [],
): Spelled {
  return withMore({
    name: signature.slice(0, signature.indexOf('(')),
    doc,
    example: { sql: example, result },
    aliases,
    overloads: [],
    stands: [standsFor(signature, sql)],
  });
}

function withMore(declaration: ScalarFunction): Spelled {
  const { stands = [] } = declaration;
  return {
    ...declaration,
    and: (signature, sql) => withMore({ ...declaration, stands: [...stands, standsFor(signature, sql)] }),
    plainly: (sql) => withMore({ ...declaration, stands: stands.map((one) => ({ ...one, plain: sql })) }),
  };
}

function standsFor(signature: string, sql: string): NonNullable<ScalarFunction['stands']>[number] {
  const names = signature.slice(signature.indexOf('(') + 1, -1);
  return { signature, count: names === '' ? 0 : names.split(',').length, sql: sql.replace(/\s+/g, ' ') };
}
