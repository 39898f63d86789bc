import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 optimises what runs a few times a query, as most of our JavaScript does, as if it ran all the time, in each worker.
 * Later, the first query of a process has the processor to itself (`npm run bench -- cold`: millrace-served beside
 * millrace-warmed-up). Versions after 20 have another compiler for it. For processes that are all ours.
 */
export function delayOptimisation(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=500000');
}
