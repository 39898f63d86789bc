import { offsetOfLocal } from '../../zones/zone-arithmetic.js';
import type { ZoneTable } from '../../zones/zone-table.js';
import type { SpecialTime } from './datetime-keywords.js';

export interface DecodedDateTime {
  /** `now`, `today` … stand for the caller's clock; of the others, infinity and epoch leave the fields unset. */
  readonly special: SpecialTime | undefined;
  /** Years count without a year 0: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Microseconds since midnight; up to 24:00. */
  readonly time: number;
  readonly hasDate: boolean;
  readonly hasTime: boolean;
  /** Seconds east of Greenwich; undefined where none was given. */
  readonly offset: number | undefined;
  readonly zone: ZoneTable | undefined;
}

/** The offset of a decoded local time: as given, or as its zone or the session's has it. */
export function offsetOf({ offset, zone }: DecodedDateTime, local: bigint, session: ZoneTable): number {
  return offset ?? offsetOfLocal(zone ?? session, local);
}
