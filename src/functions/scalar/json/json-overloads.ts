import { arrayOf, type SqlType, TEXT } from '../../../types/sql-type.js';
import type {
  FunctionExample,
  FunctionImplementation,
  ScalarFunction,
  ScalarOverloadDeclaration,
  VectorCreate,
} from '../../function-types.js';
import { overload } from '../nested/overloads.js';
import { AS_TEXT, CANONICAL, UNCHECKED } from './json-kernels.js';

export const JSON_TYPE: SqlType = { kind: 'json' };
export const JSONB: SqlType = { kind: 'jsonb' };
export const TEXTS: SqlType = arrayOf(TEXT);
export const same = (args: readonly SqlType[]): SqlType => args[0]!;
export const kindOf = (type: SqlType): 'json' | 'jsonb' => type.kind as 'json' | 'jsonb';

/** Text arrays, also where a literal stands for one. */
export const withTexts =
  (...places: readonly number[]) =>
  (args: readonly SqlType[]): readonly SqlType[] | undefined => {
    const fits = places.every((place) => {
      const type = args[place]!;
      return (
        type.kind === 'unknown' ||
        (type.kind === 'array' && (type.element.kind === 'text' || type.element.kind === 'varchar'))
      );
    });
    return fits ? args.map((arg, place) => (places.includes(place) ? TEXTS : arg)) : undefined;
  };

type Rest = readonly ('text' | 'integer' | 'array' | 'jsonb' | 'boolean')[];

/** The types of arguments with arrays of texts among them. */
const withTextsAmong =
  (patterns: readonly ('json' | Rest[number])[]) =>
  (args: readonly SqlType[]): readonly SqlType[] | undefined => {
    const places = patterns.flatMap((pattern, place) => (pattern === 'array' ? [place] : []));
    return withTexts(...places)(args)?.map((arg, place) => {
      const pattern = patterns[place]!;
      return pattern === 'array' ? arg : { kind: pattern };
    });
  };

export function ofKind(
  kind: 'json' | 'jsonb',
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  implementation: FunctionImplementation,
): ScalarOverloadDeclaration {
  const patterns = [kind, ...rest];
  return overload(
    patterns,
    returns,
    implementation,
    rest.includes('array') ? { coerce: withTextsAmong(patterns) } : {},
  );
}

/** Of json and of jsonb. */
export const ofBoth = (
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  implementation: FunctionImplementation,
): ScalarOverloadDeclaration[] =>
  (['jsonb', 'json'] as const).map((kind) => ofKind(kind, rest, returns, implementation));

export const ofJsonb = (
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  implementation: FunctionImplementation,
): ScalarOverloadDeclaration => ofKind('jsonb', rest, returns, implementation);

/** A kernel, which leaves broken texts and errors to TypeScript; `parameters` follow the operands. */
export const kernelOr = (
  kernel: string,
  fallback: VectorCreate,
  parameters: readonly number[] = [],
): FunctionImplementation => ({ kind: 'kernel', kernel, block: true, fallback, parameters });

/** Such a kernel of json and of jsonb that may find nothing. */
export const finding = (
  kernel: string,
  rest: Rest,
  returns: ScalarOverloadDeclaration['returns'],
  fallback: VectorCreate,
): ScalarOverloadDeclaration[] =>
  (['jsonb', 'json'] as const).map((kind) => {
    const flags = (returns === TEXT ? AS_TEXT : 0) | (kind === 'jsonb' ? CANONICAL : 0);
    return ofKind(kind, rest, returns, kernelOrNull(kernel, fallback, flags));
  });

const kernelOrNull = (kernel: string, fallback: VectorCreate, flags: number): FunctionImplementation => ({
  ...{ kind: 'kernel', kernel, block: true, fallback, nullable: true, nullsByLength: true },
  parameters: [flags],
});

/** The same of a text that may be no JSON. */
export const findingInText = (kernel: string, returns: SqlType, fallback: VectorCreate): ScalarOverloadDeclaration =>
  overload(['text', 'text'], returns, kernelOrNull(kernel, fallback, (returns === TEXT ? AS_TEXT : 0) | UNCHECKED));

export const one = (
  name: string,
  doc: string,
  sql: string,
  result: string,
  overloads: readonly ScalarOverloadDeclaration[],
): ScalarFunction => ({ name, doc, example: { sql, result }, overloads });

/** `json_x` and `jsonb_x`, each of its type. */
export function both(
  name: string,
  doc: string,
  example: (prefix: 'json' | 'jsonb') => FunctionExample,
  overloads: (type: SqlType) => readonly ScalarOverloadDeclaration[],
): ScalarFunction[] {
  return ([JSON_TYPE, JSONB] as const).map((type) => {
    const prefix = type.kind as 'json' | 'jsonb';
    return { name: name.replace('*', prefix), doc, example: example(prefix), overloads: overloads(type) };
  });
}

export const loose = { strict: false } as const;
