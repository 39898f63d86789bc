import { datetimeInputProbes, intervalInputProbes, zoneProbes } from './datetime-probes.js';
import { castProbes, literalProbes, operatorProbes } from './probe-expressions.js';

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
  { name: 'casts in New York', prelude: inZone('America/New_York'), expressions: castProbes },
];
