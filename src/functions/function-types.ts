import type { SqlType, SqlTypeKind } from '../types/sql-type.js';
import type { Emitter, OperandInfo } from './emitter.js';
import type { RegexPlaces } from './regex/regex-places.js';

/** What an overload accepts in a place: a kind of type, or `any` type without conversion. */
export type TypePattern = SqlTypeKind | 'any';

export type Volatility = 'immutable' | 'stable' | 'volatile';

/** A value as JavaScript has it, in `vector` implementations: see `ConstantExpression`, and null for NULL. */
export type FunctionValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { readonly months: number; readonly days: number; readonly microseconds: bigint };

/** Appends instructions: for whatever a few of them can do. */
export interface EmitImplementation {
  readonly kind: 'emit';
  /**
   * The operands are on the stack. Decimal operands and results are all i64 or all v128, as `result` says. May return
   * how many bits the magnitude of the result needs at most (|value| <= 2^bits), when that is less than its type allows.
   */
  readonly emit: (emitter: Emitter, operands: readonly OperandInfo[], result: OperandInfo) => number | undefined;
  /** Decimals are always given as 128 bits. */
  readonly wideOnly?: boolean;
}

/** Memory of the query, which counts against its limit. */
export interface FunctionMemory {
  /** Bytes for what the present call collects or returns, until it is over. Fails (53200) when there are no more. */
  readonly allocate: (byteLength: number) => Uint8Array;
}

export type VectorCreate = (
  args: readonly SqlType[],
  returns: SqlType,
) => (args: readonly FunctionValue[]) => FunctionValue;

/** Tables of src/kernels/constant-tables.ts. */
export type ConstantTable = 'powersOfTen' | 'letterCases' | 'words';

export type FunctionImplementation =
  | EmitImplementation
  /**
   * A kernel called per row with the values of the operands; with `block`, its first parameter is the argument block,
   * where it reports errors and takes bytes of the string heap.
   */
  | {
      readonly kind: 'kernel';
      readonly kernel: string;
      readonly block?: boolean;
      /** Passed after the operands, as i32. */
      readonly parameters?: readonly number[];
      /** What is called instead where the result is a v128 (decimals computed in 128 bits). */
      readonly wideKernel?: string;
      /** The parameters contain the address of a table, which must have been filled. */
      readonly needs?: ConstantTable;
      /** Computes any row, in TypeScript; called for those that the kernel declines (it has a block then). */
      readonly fallback?: VectorCreate;
      /** What `fallback` gives may be NULL. */
      readonly nullable?: boolean;
      /** What the kernel rejects is NULL. */
      readonly rejectedIsNull?: boolean;
      /** The kernel declines errors only. */
      readonly declinesErrors?: boolean;
      /** What the kernel declines is NULL, too: `fallback` does no row. */
      readonly declinedIsNull?: boolean;
      /** The kernel gives NULL, too: a text of 2^32 - 1 bytes. */
      readonly nullsByLength?: boolean;
      /** The kernel asks what zone a text names, and is called again with the answer: see exec/expression/zone-names.ts. */
      readonly asksForZones?: boolean;
    }
  /**
   * A kernel that reads a time zone: operand `zone` is its name. Where that is a literal, the kernel gets the block, the
   * other operands, the address of the zone's changes (kernels/assembly/zone-table.ts) and the parameters. `fallback` is
   * for all other zones, and for the rows that it declines.
   */
  | {
      readonly kind: 'zoned';
      readonly kernel: string;
      readonly zone: number;
      readonly parameters?: readonly number[];
      readonly fallback: VectorCreate;
      /** What `fallback` gives may be NULL. */
      readonly nullable?: boolean;
      /** What the kernel rejects is NULL. */
      readonly rejectedIsNull?: boolean;
      /** As of kernels: of zones that texts name, beside the one that is an operand. */
      readonly asksForZones?: boolean;
    }
  /**
   * text LIKE pattern [ESCAPE character]: kernels, one of them made for the pattern when that is a literal. `fallback` is
   * for the rows that they decline.
   */
  | { readonly kind: 'like'; readonly ignoreCase: boolean; readonly fallback: VectorCreate }
  /**
   * A function of a text and a regular expression. Where the pattern and what else `places` has of it are literals, the
   * kernel gets block, other operands, `defaults` and the program made of the pattern; else, and for patterns that have
   * no program, `fallback` does every row.
   */
  | {
      readonly kind: 'regex';
      readonly kernel: string;
      readonly places: RegexPlaces;
      readonly defaults: readonly number[];
      readonly fallback: VectorCreate;
      /** Whether there is a match is all that is asked. */
      readonly searchOnly: boolean;
      /** The kernel's answer is turned round. */
      readonly negated: boolean;
      /** Flag g is an error. */
      readonly single: boolean;
    }
  /**
   * TypeScript, called per row from within the generated loop, for what cannot be compiled. `create` is called once per
   * query and thread with the arguments' types, so that what it returns can keep caches (compiled patterns).
   */
  | {
      readonly kind: 'vector';
      readonly create: (
        args: readonly SqlType[],
        returns: SqlType,
        memory: FunctionMemory,
      ) => (args: readonly FunctionValue[]) => FunctionValue;
      /** Arguments that are bytes are given where they lie, not copied: they may be large, and are valid during the call. */
      readonly inPlace?: boolean;
    }
  /** A kernel that takes its operands from memory, whatever their types: see exec/expression/memory-call-code.ts. */
  | {
      readonly kind: 'memory';
      readonly kernel: string;
      /** Computes any row, in TypeScript; called for those that the kernel declines. */
      readonly fallback?: VectorCreate;
      /**
       * Bytes whose address is the kernel's last parameter, made of the types of the arguments, and of the values of those
       * that are literals. Where there are none, `fallback` does every row.
       */
      readonly constant?: (
        args: readonly SqlType[],
        literals: readonly (FunctionValue | undefined)[],
      ) => Uint8Array | undefined;
      /**
       * An operand whose text counts as a literal where it is none: `constant` makes bytes of each that comes along
       * (exec/expression/memo-constants.ts). The kernel declines where it gets 0 in their place.
       */
      readonly memo?: number;
      /** The constant contains the address of a table, which must have been filled. */
      readonly needs?: ConstantTable;
      /** Operands are given as texts: see exec/expression/by-way-of-text.ts. */
      readonly ofTexts?: boolean;
    }
  /** The operands as text, one after the other; NULLs are left out. `separated`: the first goes between the others. */
  | { readonly kind: 'concat'; readonly separated: boolean }
  /** Decided by the types of its arguments alone: a constant is put in its place. */
  | { readonly kind: 'ofTypes'; readonly value: (args: readonly SqlType[]) => FunctionValue }
  /**
   * Other words for an expression of SQL that has the arguments as $1, $2 …: the binder puts it in the place of the call
   * (planner/binder/spelled-overload.ts), so that it is compiled as what it is. Unlike what a function `stands` for, it
   * has the arguments with the types of the overload, and NULLs as the overload's `strict` says.
   */
  | { readonly kind: 'spelled'; readonly sql: string }
  /** The cast from the type of its argument to its own: see `tryCastOf`. */
  | { readonly kind: 'tryCast' }
  /** Its value belongs to the session (now, current_user): the binder puts a constant in its place. */
  | { readonly kind: 'session' }
  /** The greatest or least of its operands, which have one type; NULLs are left out. */
  | { readonly kind: 'extremum'; readonly greatest: boolean };

export type MemoryImplementation = Extract<FunctionImplementation, { kind: 'memory' }>;

export type KernelImplementation = Extract<FunctionImplementation, { kind: 'kernel' }>;

/** A cast from one type to another. */
export interface CastImplementation {
  readonly implementation: FunctionImplementation;
  readonly fallible: boolean;
}

export interface ScalarOverloadDeclaration {
  readonly args: readonly TypePattern[];
  /** The last pattern may repeat. */
  readonly variadic?: boolean;
  /** All arguments are cast to their common type. */
  readonly unify?: boolean;
  /** `literals`: the values of the arguments that are integer literals. */
  readonly returns: SqlType | ((args: readonly SqlType[], literals: readonly (number | undefined)[]) => SqlType);
  /**
   * Decides on the types that the arguments are cast to, where they depend on one another; undefined where these
   * arguments are not for this overload. Without it they follow from the patterns.
   */
  readonly coerce?: (args: readonly SqlType[]) => readonly SqlType[] | undefined;
  /** Tells overloads apart in their ids whose patterns are the same, and which `coerce` chooses between. */
  readonly variant?: string;
  /** NULL in, NULL out, without evaluation. Default true. */
  readonly strict?: boolean;
  /** Can raise an error, so it is evaluated only on rows that are live. Default false. */
  readonly fallible?: boolean;
  /** Default immutable. */
  readonly volatility?: Volatility;
  /** Compares its arguments, or what they consist of: not for json, alone or within. Default false. */
  readonly comparesValues?: boolean;
  /** Reads or writes instants within its values as texts: by the clocks of the session's zone (binder/session-zone.ts). */
  readonly instants?: 'read' | 'written';
  readonly implementation: FunctionImplementation;
}

/** What docs/sql shows of a function, and a test runs: here, and in PostgreSQL if that has the function. */
export interface FunctionExample {
  /** What stands behind SELECT: an expression; for an aggregate, with its FROM. */
  readonly sql: string;
  /** What comes of it, as PostgreSQL prints it: a row a line, tabs between values, NULL as NULL. */
  readonly result: string;
  /** Why PostgreSQL answers something else. */
  readonly differs?: string;
}

/** A scalar function or operator: everything about it is declared here and nowhere else. */
export interface ScalarFunction {
  /** For operators, the symbol; prefix operators have one argument. */
  readonly name: string;
  readonly doc: string;
  /** Left out only of what is `internal`. */
  readonly example?: FunctionExample;
  /** Called by the planner in the place of some syntax: not in docs/sql. */
  readonly internal?: true;
  /** Other names of the same function. */
  readonly aliases?: readonly string[];
  /**
   * For each number of arguments, the expression that a call stands for, with the arguments as $1, $2 …: the binder puts it
   * in the place of the call. `plain` is faster, but for calls without DISTINCT, ORDER BY and OVER only.
   */
  readonly stands?: readonly {
    readonly signature: string;
    readonly count: number;
    readonly sql: string;
    readonly plain?: string;
  }[];
  /** What PostgreSQL calls its arguments, so that calls may name them: `a, b = 1`, with defaults in SQL. Several where they differ. */
  readonly parameters?: readonly string[];
  /** How it is written, where an argument is a lambda: the binder knows what it means. */
  readonly written?: readonly string[];
  /** It gives a set of rows: what its overloads return is taken apart. */
  readonly set?: SetDeclaration;
  readonly overloads: readonly ScalarOverloadDeclaration[];
}

export interface SetDeclaration {
  /** What FROM calls the columns, as PostgreSQL's OUT parameters do; else one has the name of the function or its alias. */
  readonly columns?: readonly string[];
  /** FROM must list the columns, and a call has the type that follows: one row, or an array of rows. */
  readonly rows?: 'one' | 'many';
}

/** Functions that docs/sql lists together. */
export interface FunctionArea {
  readonly title: string;
  readonly functions: readonly ScalarFunction[];
}

/** A declaration, with defaults filled in and an id: `name(kind,kind)`. */
export interface ScalarOverload
  extends Required<Omit<ScalarOverloadDeclaration, 'coerce' | 'variant' | 'instants'>>,
    Pick<ScalarOverloadDeclaration, 'coerce' | 'variant' | 'instants'> {
  readonly id: string;
  readonly name: string;
}

/** The running values that a group keeps; equal ones of different aggregates are kept once. */
export type AccumulatorKind =
  /** Rows, or rows whose argument is not NULL. */
  | 'count'
  /** Exact sum of an integer or decimal, in 128 bits. */
  | 'exactSum'
  /** Sum of floats, in double precision. */
  | 'floatSum'
  /** Product of doubles. */
  | 'product'
  | 'min'
  | 'max'
  | 'and'
  | 'or'
  /** The first value that is not NULL. */
  | 'first'
  /** All values that are not NULL, each with the separator before it. */
  | 'list'
  /** Count, sum and sum of squared deviations (Youngs and Cramer, as PostgreSQL). */
  | 'moments'
  /** Count, mean and sums of squares, cubes and fourth powers of deviations. */
  | 'centralMoments'
  /** Counts, means and sums of products of deviations of pairs of doubles. */
  | 'comoments'
  /** Exact sum of the squares of integers or decimals, in 320 bits. */
  | 'squares'
  | 'intervalSum'
  /** Rows whose argument is true. */
  | 'trues'
  | 'bitAnd'
  | 'bitOr'
  | 'bitXor'
  /** The first argument, where it is not NULL, of the row with the least or greatest second. */
  | 'argMin'
  | 'argMax'
  /** The same, which may be NULL. */
  | 'minBy'
  | 'maxBy'
  /** All values that are not NULL, to be looked up by rank. */
  | 'values'
  /** HyperLogLog registers. */
  | 'sketch';

/** How the result is made of the accumulators of the argument. */
export type AggregateFinish =
  | 'count'
  | 'sum'
  | 'average'
  | 'value'
  | 'joined'
  | 'array'
  | 'varianceSample'
  | 'variancePopulation'
  | 'deviationSample'
  | 'deviationPopulation'
  | 'skewness'
  | 'kurtosis'
  | 'covarianceSample'
  | 'covariancePopulation'
  | 'correlation'
  | 'regressionCount'
  | 'regressionSlope'
  | 'regressionIntercept'
  | 'regressionR2'
  | 'regressionAverageX'
  | 'regressionAverageY'
  | 'regressionSxx'
  | 'regressionSyy'
  | 'regressionSxy'
  | 'percentile'
  | 'discretePercentile'
  | 'mode'
  | 'medianDistance'
  | 'estimate';

export interface AggregateOverloadDeclaration {
  readonly args: readonly TypePattern[];
  readonly returns: SqlType | ((args: readonly SqlType[]) => SqlType);
  readonly accumulators: readonly AccumulatorKind[];
  readonly finish: AggregateFinish;
  /** As for scalar functions. */
  readonly comparesValues?: boolean;
  /** WITHIN GROUP (ORDER BY the last of `args`) is required: an ordered-set aggregate. */
  readonly withinGroup?: boolean;
  /** Which of `args` must be a constant, the same for all rows: it goes into `AggregateCall.parameter`. */
  readonly parameter?: 'first' | 'last';
  /**
   * What ORDER BY does: it orders the `list`, or its key decides as the second argument would, which is there also where
   * nothing is written. Undefined: nothing.
   */
  readonly ordered?: 'list' | 'key';
  /**
   * What the planner makes of the argument, so that NULLs are among the values: arrays of one element, or JSON texts, of
   * which it makes a JSON value.
   */
  readonly wrapped?: 'array' | JsonWrapping;
  /** The parameter where none is an argument. */
  readonly defaultParameter?: number;
}

export interface JsonWrapping {
  /** The values of an array, or keys and values of an object. */
  readonly of: 'elements' | 'entries';
  /** NULLs are left out. */
  readonly strict?: true;
  /** Keys must differ. */
  readonly unique?: true;
}

export interface AggregateFunction {
  readonly name: string;
  readonly doc: string;
  readonly example: FunctionExample;
  readonly aliases?: readonly string[];
  readonly overloads: readonly AggregateOverloadDeclaration[];
}

export interface AggregateOverload extends AggregateOverloadDeclaration {
  readonly id: string;
  readonly name: string;
}
