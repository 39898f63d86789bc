import type { Suite } from '../suite.js';
import { compareOnTpch } from './tpch.js';

export const spillSuite: Suite = {
  description: 'TPC-H far beyond the memory: --scale 10 --memory-limit 512MB, and the other options of tpch',
  run: (args) => compareOnTpch(args, { scale: '10', runs: '0', memoryLimit: '512MB', timeout: '600' }),
};
