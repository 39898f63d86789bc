import type { JoinDistribution } from '../physical/physical-plan.js';

/** What decides how joins are distributed. */
export interface JoinDistributionOptions {
  /** `auto`: by the size of the build side. The others force one or the other: the setting millrace.join_distribution. */
  readonly mode: JoinDistribution | 'auto';
  /** Memory that the engine has for data. */
  readonly memoryBytes: number;
}

export const DEFAULT_JOIN_DISTRIBUTION: JoinDistributionOptions = { mode: 'auto', memoryBytes: 2 ** 32 };

/** A build side that takes more than this share of the memory is partitioned with its probe side from the start. */
const SHARE_OF_MEMORY = 1 / 2;

/**
 * Bytes of build rows from which a join is shuffled. One table that all lanes probe saves copying the probe side, which
 * partitions have to be collected for.
 */
export function shuffleThreshold({ mode, memoryBytes }: JoinDistributionOptions): number {
  if (mode === 'broadcast') return Number.POSITIVE_INFINITY;
  return mode === 'shuffle' ? 0 : memoryBytes * SHARE_OF_MEMORY;
}
