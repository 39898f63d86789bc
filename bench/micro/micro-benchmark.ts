import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';

/** What a file bench/micro/<name>.bench.ts exports as `benchmark`: it measures, prints and gives its figures. */
export type MicroBenchmark = () => Promise<readonly CandidateFigures[]>;

export interface Candidate {
  readonly name: string;
  /** One pass over `rowCount` rows. The result is kept from being optimised away by being returned. */
  run(): number;
}

export interface MicroOptions {
  readonly title: string;
  readonly rowCount: number;
  /** Rounds of all candidates in turns. */
  readonly rounds?: number;
  /** A round repeats a candidate for about as long. */
  readonly roundMs?: number;
  /** What a round takes of the processor instead of by the clock: for long rounds, which others on the machine disturb. */
  readonly byProcessor?: boolean;
}

export interface CandidateFigures {
  readonly title: string;
  readonly name: string;
  readonly nsPerRow: number;
  /** Of the fastest round: what is left where others work on the machine. */
  readonly fastestNsPerRow?: number;
}

/** Where results go, so that no run is dead code. */
const blackHole = { bits: 0 };

type Clock = () => number;
const processorMs: Clock = () => process.cpuUsage().user / 1000;
const wallMs: Clock = () => performance.now();

function timeRepetitions(candidate: Candidate, repetitions: number, now: Clock): number {
  const started = now();
  for (let repetition = 0; repetition < repetitions; repetition++) blackHole.bits ^= candidate.run();
  return now() - started;
}

/** Repetitions that take `roundMs`; doubling also warms the candidate up. */
function calibrate(candidate: Candidate, roundMs: number, now: Clock): number {
  for (let repetitions = 1; ; repetitions *= 2) {
    const elapsedMs = timeRepetitions(candidate, repetitions, now);
    if (elapsedMs >= roundMs) return Math.max(1, Math.round((repetitions * roundMs) / elapsedMs));
  }
}

/**
 * Times the candidates in turns, so that the machine's moods meet all of them, and prints the medians of the rounds:
 * nanoseconds per row, the ratio to the first candidate, and the fastest round.
 */
export function compareCandidates(
  candidates: readonly Candidate[],
  options: MicroOptions,
): readonly CandidateFigures[] {
  const { title, rowCount, rounds = 11, roundMs = 20, byProcessor = false } = options;
  const now = byProcessor ? processorMs : wallMs;
  const repetitions = candidates.map((candidate) => calibrate(candidate, roundMs, now));
  const times: number[][] = candidates.map(() => []);
  for (let round = 0; round < rounds; round++) {
    candidates.forEach((candidate, index) => {
      times[index]!.push(timeRepetitions(candidate, repetitions[index]!, now) / repetitions[index]!);
    });
  }
  const figures = candidates.map(({ name }, index) => ({
    title,
    name,
    nsPerRow: (median(times[index]!) * 1e6) / rowCount,
    fastestNsPerRow: (Math.min(...times[index]!) * 1e6) / rowCount,
  }));
  printTable(
    [title, 'ns/row', 'ratio', 'fastest'],
    figures.map(({ name, nsPerRow, fastestNsPerRow }) => [
      name,
      nsPerRow.toFixed(3),
      (nsPerRow / figures[0]!.nsPerRow).toFixed(2),
      fastestNsPerRow.toFixed(3),
    ]),
  );
  console.log();
  return figures;
}
