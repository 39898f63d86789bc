import { datetimeInputProbes, intervalInputProbes, zoneProbes } from './datetime-probes.js';
import { numberFormatProbes, numberReadProbes, readingProbes, toCharProbes } from './formatting-probes.js';
import { castProbes, literalProbes, operatorProbes } from './probe-expressions.js';

import { fieldProbes, intervalProbes, makerProbes } from './time-function-probes.js';

export interface ProbeGroup {
  readonly name: string;
  readonly prelude?: readonly string[];
  readonly expressions: () => readonly string[];
}

const inZone = (zone: string): readonly string[] => [`set timezone to '${zone}'`];

export const probeGroups: readonly ProbeGroup[] = [
  { name: 'casts', expressions: castProbes },
  { name: 'operators', expressions: () => operatorProbes(2, 1) },
  { name: 'literals', expressions: literalProbes },
  { name: 'datetime input', expressions: datetimeInputProbes },
  { name: 'datetime input in Berlin', prelude: inZone('Europe/Berlin'), expressions: datetimeInputProbes },
  { name: 'interval input', expressions: intervalInputProbes },
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'CET', '-3.5'].map((zone, index) => ({
    name: `zone ${zone}`,
    prelude: inZone(zone),
    expressions: () => zoneProbes(index, 40),
  })),
  { name: 'fields and units', expressions: fieldProbes },
  { name: 'interval arithmetic', expressions: intervalProbes },
  { name: 'makers', expressions: () => makerProbes(7) },
  { name: 'to_char of times', expressions: toCharProbes },
  { name: 'to_char in Berlin', prelude: inZone('Europe/Berlin'), expressions: toCharProbes },
  { name: 'to_date', expressions: readingProbes },
  { name: 'to_date in New York', prelude: inZone('America/New_York'), expressions: readingProbes },
  { name: 'to_char of numbers', expressions: numberFormatProbes },
  { name: 'to_number', expressions: () => numberReadProbes(3) },
  { name: 'casts in New York', prelude: inZone('America/New_York'), expressions: castProbes },
];
