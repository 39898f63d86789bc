import { userError } from '../../../common/errors.js';
import { joinBytes } from '../../../common/join-bytes.js';
import { encodeNested } from '../../../types/nested-codec.js';
import type { ArrayType } from '../../../types/sql-type.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { formatJsonb, type Json, parseJsonText } from '../json/json-text.js';
import { itemsOfPath } from './evaluate-path.js';
import { formatJsonPath } from './format-path.js';
import { parseJsonPath } from './parse-path.js';
import { JsonPathError, pathError } from './path-error.js';
import type { JsonPath } from './path-syntax.js';

type Finish<T extends FunctionValue> = (items: Generator<Json>, path: JsonPath) => T | null;

/** A path is read once as long as it stays the same. */
function pathReader(): (text: string) => JsonPath {
  let known: { readonly text: string; readonly path: JsonPath } | undefined;
  return (text) => {
    if (known?.text !== text) known = { text, path: parseJsonPath(text) };
    return known.path;
  };
}

function variablesOf(text: FunctionValue | undefined): Json | undefined {
  if (text === undefined) return undefined;
  const variables = parseJsonText(text as string);
  if (variables.kind === 'object') return variables;
  throw userError('22023', '"vars" argument is not an object', {
    detail: 'Jsonpath parameters should be encoded as key-value pairs of "vars" object.',
  });
}

/** target, path, variables, silent. `quiet`: what an operator does, errors are no result. */
const querying =
  (finish: Finish<FunctionValue>, quiet = false): VectorCreate =>
  () => {
    const read = pathReader();
    return ([target, path, variables, silent]) => {
      const parsed = read(path as string);
      const given = variablesOf(variables);
      try {
        return finish(itemsOfPath(parsed, parseJsonText(target as string), given), parsed);
      } catch (error) {
        if (!(error instanceof JsonPathError)) throw error;
        if (quiet || silent === true) return null;
        throw error.reason;
      }
    };
  };

const exists: Finish<boolean> = (items, { strict }) => {
  if (!strict) return items.next().done !== true;
  return [...items].length > 0;
};

const match: Finish<boolean> = (items) => {
  const all = [...items];
  const [only] = all;
  if (all.length === 1 && only!.kind === 'boolean') return only!.value;
  if (all.length === 1 && only!.kind === 'null') return null;
  throw pathError('22038', 'single boolean result is expected');
};

export const pathExists: VectorCreate = querying(exists);
export const pathMatch: VectorCreate = querying(match);
export const pathExistsQuietly: VectorCreate = querying(exists, true);
export const pathMatchQuietly: VectorCreate = querying(match, true);

/** All that is found; with `silent`, what is found before an error. */
function* untilError(items: Generator<Json>, silent: boolean): Generator<Json> {
  try {
    yield* items;
  } catch (error) {
    if (!silent || !(error instanceof JsonPathError)) throw error;
  }
}

/** Of the list of what is found. */
const listing =
  (finish: (items: readonly Json[]) => FunctionValue): VectorCreate =>
  (types, returns) => {
    const ofAll = (silent: boolean) => querying((items) => finish([...untilError(items, silent)]))(types, returns);
    const [plain, silently] = [ofAll(false), ofAll(true)];
    return (values) => (values[3] === true ? silently : plain)(values);
  };

export const pathArray: VectorCreate = listing((items) => `[${items.map(formatJsonb).join(', ')}]`);
export const pathFirst: VectorCreate = listing(([first]) => (first === undefined ? null : formatJsonb(first)));

export const pathItems: VectorCreate = (types, returns) =>
  listing((items) => encodeNested(items.map(formatJsonb), returns as ArrayType))(types, returns);

/** The text of a path as PostgreSQL prints it. */
export const pathText: VectorCreate =
  () =>
  ([text]) =>
    formatJsonPath(parseJsonPath(text as string));

/** The byte length and the bytes of a path’s text, for a kernel; undefined of what is none. */
export function pathBytes(text: string): Uint8Array | undefined {
  try {
    const bytes = new TextEncoder().encode(formatJsonPath(parseJsonPath(text)));
    return joinBytes([new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes]);
  } catch {
    return undefined;
  }
}
