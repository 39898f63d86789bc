import { type MillraceError, userError } from '../../../common/errors.js';

/** What is wrong with a date or time, before the text is known that it stands in. */
export type DateTimeFault =
  | 'format'
  | 'field'
  /** A month or day out of range, which another order of fields may have meant. */
  | 'order'
  | 'interval'
  /** An interval whose parts fit, but not their sum. */
  | 'span'
  | 'displacement'
  | { readonly zone: string };

export class DateTimeFaultError extends Error {
  readonly fault: DateTimeFault;

  constructor(fault: DateTimeFault) {
    super('not a date or time');
    this.fault = fault;
  }
}

export function fault(kind: DateTimeFault): DateTimeFaultError {
  return new DateTimeFaultError(kind);
}

/** Runs a decoder; its faults become PostgreSQL's errors for a text and the name of a type. */
export function reportingFaults<Value>(text: string, typeName: string, decode: () => Value): Value {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof DateTimeFaultError) throw errorOf(thrown.fault, text, typeName);
    throw thrown;
  }
}

function errorOf(kind: DateTimeFault, text: string, typeName: string): MillraceError {
  if (typeof kind === 'object') return userError('22023', `time zone "${kind.zone}" not recognized`);
  switch (kind) {
    case 'format':
      return userError('22007', `invalid input syntax for type ${typeName}: "${text}"`);
    case 'field':
      return userError('22008', `date/time field value out of range: "${text}"`);
    case 'order':
      return userError('22008', `date/time field value out of range: "${text}"`, {
        hint: 'Months come before days: write 2024-12-31 or 12/31/2024.',
      });
    case 'interval':
      return userError('22015', `interval field value out of range: "${text}"`);
    case 'span':
      return userError('22008', 'interval out of range');
    case 'displacement':
      return userError('22009', `time zone displacement out of range: "${text}"`);
  }
}
