import { arrayOf, type SqlType } from '../../../types/sql-type.js';
import type { MemoryImplementation, ScalarFunction } from '../../function-types.js';
import { zoneBytes } from '../../zones/zone-layout.js';
import { zoneOf } from '../../zones/zone-of.js';
import * as js from './array-functions-js.js';
import { memory, overload } from './overloads.js';

const firstInArray = ([first]: readonly SqlType[]): SqlType => arrayOf(first!);

/** What the kernel of series by the clocks of a zone gets beside its arguments. */
const zoneOfSeries: MemoryImplementation['constant'] = (_, [, , , name]) => {
  const zone = typeof name === 'string' ? zoneOf(name) : undefined;
  return zone && zoneBytes(zone);
};

export const seriesArray: ScalarFunction = {
  name: 'series_array',
  internal: true,
  doc: 'generate_series as an array.',
  overloads: [
    ...(['integer', 'bigint'] as const).flatMap((kind) => [
      overload([kind, kind], arrayOf({ kind }), memory('seriesArray', js.series)),
      overload([kind, kind, kind], arrayOf({ kind }), memory('seriesArray', js.series)),
    ]),
    overload(['decimal', 'decimal'], firstInArray, memory('seriesArray', js.series)),
    overload(['decimal', 'decimal', 'decimal'], firstInArray, memory('seriesArray', js.series)),
    overload(['timestamp', 'timestamp', 'interval'], firstInArray, memory('instantSeries', js.instantSeries)),
    overload(['timestamptz', 'timestamptz', 'interval'], firstInArray, memory('instantSeries', js.instantSeries)),
    overload(['timestamptz', 'timestamptz', 'interval', 'text'], firstInArray, {
      kind: 'memory',
      kernel: 'zonedInstantSeries',
      fallback: js.instantSeries,
      constant: zoneOfSeries,
    }),
  ],
};
