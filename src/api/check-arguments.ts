import { userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';

/** What a JavaScript program may give by mistake is an error that says so, and not a TypeError from deep within. */
export function assertOptions(
  options: unknown,
  method: string,
  types: Readonly<Record<string, readonly string[]>>,
): asserts options is Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw userError('22023', `${method} takes an object of options, not ${shown(options)}`, {
      hint: `Its options are ${Object.keys(types).join(', ')}.`,
    });
  }
  for (const [name, value] of Object.entries(options)) {
    const allowed = Object.hasOwn(types, name) ? types[name] : undefined;
    if (allowed === undefined) {
      throw userError('22023', `${method} has no option "${name}"`, {
        hint: nearestNameHint(name, Object.keys(types), `Its options are ${Object.keys(types).join(', ')}.`),
      });
    }
    if (value === undefined || allowed.includes(typeof value)) continue;
    throw userError('22023', `the option "${name}" of ${method} is a ${allowed.join(' or a ')}, not ${shown(value)}`);
  }
}

export function assertSql(sql: unknown, method: string): asserts sql is string {
  if (typeof sql === 'string') return;
  throw userError('22023', `${method} takes SQL as a string, not ${shown(sql)}`, {
    hint: `Write db.${method}('select …').`,
  });
}

export function assertParameters(parameters: unknown): void {
  if (Array.isArray(parameters)) return;
  throw userError('22023', `parameters are given as an array, not as ${shown(parameters)}`, {
    hint: "Write db.query('select $1', [value]).",
  });
}

export function assertSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw userError('22023', `the signal is an AbortSignal, not ${shown(signal)}`, {
    hint: 'Write { signal: controller.signal }, or AbortSignal.timeout(1000).',
  });
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'string' ? `'${value}'` : `the ${typeof value} ${String(value)}`;
}
