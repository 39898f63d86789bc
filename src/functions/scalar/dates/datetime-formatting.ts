import { userError } from '../../../common/errors.js';
import { DATE, type SqlType, TEXT, TIMESTAMPTZ } from '../../../types/sql-type.js';
import { cachedTemplate } from '../../formatting/cached-template.js';
import { parseDatetimeTemplate } from '../../formatting/datetime-template.js';
import { formatDatetime, printedInterval, printedTimestamp } from '../../formatting/format-datetime.js';
import { readDatetime } from '../../formatting/read-datetime.js';
import type { FunctionValue, ScalarFunction, ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { zoneAbbreviationOf } from '../../zones/zone-abbreviation-of.js';
import { instantToLocal, localToInstant, offsetAtInstant } from '../../zones/zone-arithmetic.js';
import { fixedZone, type ZoneTable } from '../../zones/zone-table.js';
import { checkTimestamp, FIRST_DAY, isInfiniteTimestamp, LAST_DAY } from './calendar.js';
import { floorDays, type Interval } from './interval-arithmetic.js';

const UTC: ZoneTable = fixedZone(0);

/** to_char(timestamp or timestamptz, template). */
const formatTimestamp: VectorCreate = (types) => {
  const format = zonedFormatter();
  const isZoned = types[0]!.kind === 'timestamptz';
  return ([value, template]) => format(UTC, isZoned ? 'UTC' : undefined, value!, template!);
};

/** Prints instants by the clocks of a zone; of a timestamp, which has none, the name is undefined. */
export function zonedFormatter(): (
  zone: ZoneTable,
  name: string | undefined,
  instant: FunctionValue,
  template: FunctionValue,
) => string | null {
  const parse = cachedTemplate(parseDatetimeTemplate);
  return (zone, name, value, template) => {
    const instant = value as bigint;
    if (template === '' || isInfiniteTimestamp(instant)) return null;
    const nodes = parse(template as string);
    const local = instantToLocal(zone, instant);
    if (name === undefined) return formatDatetime(nodes, printedTimestamp(local));
    const offset = offsetAtInstant(zone, instant);
    const namesZone = nodes.some((node) => node.kind === 'field' && node.name === 'TZ');
    const zoneName = namesZone ? zoneAbbreviationOf(name, instant, offset) : '';
    return formatDatetime(nodes, printedTimestamp(local, offset, zoneName));
  };
}

const formatInterval: VectorCreate = () => {
  const parse = cachedTemplate(parseDatetimeTemplate);
  return ([value, template]) =>
    template === '' ? null : formatDatetime(parse(template as string), printedInterval(value as Interval));
};

const kernelOr = (
  kind: 'timestamp' | 'timestamptz' | 'interval',
  kernel: string,
  fallback: VectorCreate,
): ScalarOverloadDeclaration => ({
  args: [kind, 'text'],
  returns: TEXT,
  fallible: true,
  implementation: { kind: 'kernel', kernel, block: true, fallback, nullable: true },
});

/** A kernel, which declines what is an error. */
function reading(returns: SqlType, kernel: string, fallback: VectorCreate): ScalarOverloadDeclaration {
  const implementation = { kind: 'kernel', kernel, block: true, fallback } as const;
  return { args: ['text', 'text'], returns, fallible: true, implementation };
}

/** to_char of dates, timestamps and intervals. */
export const datetimeToChar: readonly ScalarOverloadDeclaration[] = [
  kernelOr('timestamp', 'timestampToChar', formatTimestamp),
  kernelOr('timestamptz', 'instantToChar', formatTimestamp),
  kernelOr('interval', 'intervalToChar', formatInterval),
];

/** Reads an instant by a template; without an offset in the text, by the clocks of a zone. */
export function zonedReader(): (zone: ZoneTable, text: FunctionValue, template: FunctionValue) => bigint {
  const parse = cachedTemplate(parseDatetimeTemplate);
  return (zone, text, template) => {
    const { local, offset } = readDatetime(text as string, parse(template as string));
    return checkTimestamp(offset === undefined ? localToInstant(zone, local) : local - BigInt(offset) * 1_000_000n);
  };
}

/** to_timestamp(text, template). */
export const timestampOfText: ScalarOverloadDeclaration = reading(TIMESTAMPTZ, 'timestampByTemplate', () => {
  const read = zonedReader();
  return ([text, template]) => read(UTC, text!, template!);
});

export const toDate: ScalarFunction = {
  name: 'to_date',
  doc: 'A date read by a template.',
  example: { sql: "to_date('05 Dec 2000', 'DD Mon YYYY')", result: '2000-12-05' },
  overloads: [
    reading(DATE, 'dateByTemplate', () => {
      const parse = cachedTemplate(parseDatetimeTemplate);
      return ([text, template]) => {
        const days = floorDays(readDatetime(text as string, parse(template as string)).local);
        if (days < FIRST_DAY || days > LAST_DAY) throw userError('22008', `date out of range: "${text}"`);
        return days;
      };
    }),
  ],
};
