import type { PhysicalNode } from '../../physical/physical-plan.js';
import type { ExplainOptions, NodeCounters } from '../explain-options.js';
import { detailsOf } from '../node-details.js';
import { effortOf, measuresOf } from '../node-measures.js';
import { titleOf } from '../node-title.js';
import { shownInputs } from '../shown-inputs.js';
import { fitText, widthOfText } from './svg-text.js';

/** Sizes of letters, and of what is around them, in pixels. */
export const TITLE_SIZE = 13;
/** Letters that are bold are wider. */
const BOLD_SIZE = 1.2 * TITLE_SIZE;
export const LINE_SIZE = 11;
export const LINE_HEIGHT = 16;
export const PADDING = 12;
const TITLE_HEIGHT = 20;
/** Below the text of an operator that was timed: the bar of its share. */
const BAR_HEIGHT = 6;
const LEAST_WIDTH = 150;
const MOST_WIDTH = 330;
const MOST_LINES = 4;

/** A line in a box: what is said, and of what. */
export interface BoxLine {
  readonly name: string;
  readonly text: string;
}

/** An operator, as its box shows it. */
export interface PlanBox {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly lines: readonly BoxLine[];
  /** All there is to say, line by line. */
  readonly tooltip: readonly string[];
  /** Rows it hands on: as counted, or as estimated. */
  readonly rows: number;
  readonly estimatedRows: number;
  /** The estimate does not count what run-time filters leave out. */
  readonly isFilteredLater: boolean;
  /** Undefined where nothing was counted: the query was not run, or not so far. */
  readonly actual: NodeCounters | undefined;
  /** What its parent gets of it, where that has several inputs. */
  readonly role: string | undefined;
  readonly inputs: readonly PlanBox[];
}

export function planBox(node: PhysicalNode, options: ExplainOptions, role?: string): PlanBox {
  const actual = options.counters?.get(node.id);
  const details = [
    ...(options.verbose ? [`Output: ${node.columns.map((column) => column.name).join(', ')}`] : []),
    ...detailsOf(node, options),
  ];
  const lines = [...chosenLines(details), ...(actual ? [effortLine(actual)] : [])];
  const width = widthOfBox(titleOf(node), lines);
  const bar = actual ? BAR_HEIGHT + PADDING / 2 : 0;
  return {
    width,
    height: PADDING + TITLE_HEIGHT + lines.length * LINE_HEIGHT + bar + PADDING / 2,
    title: fitText(titleOf(node), (width - 2 * PADDING) / BOLD_SIZE),
    lines: lines.map((line) => fitLine(line, (width - 2 * PADDING) / LINE_SIZE)),
    tooltip: [titleOf(node), `(${measuresOf(node, options)})`, ...details],
    rows: actual ? actual.rows : node.estimatedRows,
    estimatedRows: node.estimatedRows,
    isFilteredLater: node.kind === 'scan' && (node.joinFilters !== undefined || node.sortBound !== undefined),
    actual,
    role,
    inputs: shownInputs(node).map((input, i) => planBox(input, options, roleOf(node, i))),
  };
}

function widthOfBox(title: string, lines: readonly BoxLine[]): number {
  const widest = Math.max(
    widthOfText(title) * BOLD_SIZE,
    ...lines.map(({ name, text }) => (widthOfName(name) + widthOfText(text)) * LINE_SIZE),
  );
  return Math.ceil(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, widest + 2 * PADDING + 1)));
}

const widthOfName = (name: string): number => (name === '' ? 0 : widthOfText(`${name} `));

function fitLine({ name, text }: BoxLine, width: number): BoxLine {
  return { name, text: fitText(text, width - widthOfName(name)) };
}

function effortLine(actual: NodeCounters): BoxLine {
  const amounts = effortOf(actual).map(([name, amount]) => (name === 'time' ? amount : `${name} ${amount}`));
  return { name: '', text: amounts.join(' · ') };
}

/** As many details as there is room for; which columns a scan reads is the least of them. */
function chosenLines(details: readonly string[]): readonly BoxLine[] {
  const ranked = details.length > MOST_LINES ? details.filter((detail) => !detail.startsWith('Columns: ')) : details;
  const shown = ranked.slice(0, ranked.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES).map(lineOf);
  return shown.length === ranked.length
    ? shown
    : [...shown, { name: `… ${ranked.length - shown.length} more`, text: '' }];
}

function lineOf(detail: string): BoxLine {
  const colon = detail.indexOf(': ');
  return colon < 0 ? { name: '', text: detail } : { name: detail.slice(0, colon), text: detail.slice(colon + 2) };
}

function roleOf(node: PhysicalNode, input: number): string | undefined {
  if (node.kind === 'hashJoin') return input === 0 ? 'probe' : 'build';
  if (node.kind === 'recursive') return input === 0 ? 'start' : 'step';
  return undefined;
}
