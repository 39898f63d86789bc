// The first parse of a process: with the decisions that the build wrote down, with the grammar recorded at start, and with
// chevrotain's own analysis of it, as tests have it. Each in a process of its own, since code is slow only the first time.
import { spawnSync } from 'node:child_process';
import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const ROUNDS = 9;
const TITLE = 'parser until the first statement';

const parserUrl = new URL('../../src/parser/grammar/sql-parser.js', import.meta.url).href;
const decisionsUrl = new URL('../../src/parser/grammar/generated-decisions.js', import.meta.url).href;
const tokenizerUrl = new URL('../../src/parser/tokens/tokenizer.js', import.meta.url).href;
const lookaheadUrl = new URL('../../src/parser/tokens/token-lookahead.js', import.meta.url).href;

/** Loading chevrotain is left out: it is the same for all. */
function script(settings: string): string {
  return `
    import { defaultParserErrorProvider as errorMessageProvider } from 'chevrotain';
    const { generatedDecisions } = await import('${decisionsUrl}');
    const { SqlParser } = await import('${parserUrl}');
    const { tokenize } = await import('${tokenizerUrl}');
    const { resolveLookahead } = await import('${lookaheadUrl}');
    const started = performance.now();
    const parser = new SqlParser({ errorMessageProvider, ${settings} });
    parser.input = resolveLookahead(tokenize('select 1'));
    parser.statement();
    console.log(performance.now() - started);`;
}

const candidates: Readonly<Record<string, string>> = {
  'decisions written by the build': script('validate: false, decisions: generatedDecisions'),
  'grammar recorded at start': script('validate: false'),
  "chevrotain's analysis": script('validate: true'),
};

export const benchmark: MicroBenchmark = async () => {
  const times = Object.keys(candidates).map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, code] of Object.values(candidates).entries()) {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
      if (!(Number(stdout) > 0)) throw new Error(stderr);
      times[index]!.push(Number(stdout));
    }
  }
  const figures: CandidateFigures[] = Object.keys(candidates).map((name, index) => ({
    title: TITLE,
    name,
    nsPerRow: median(times[index]!) * 1e6,
  }));
  printTable(
    [TITLE, 'median ms'],
    figures.map(({ name, nsPerRow }) => [name, (nsPerRow / 1e6).toFixed(1)]),
  );
  return figures;
};
