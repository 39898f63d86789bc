import type { PhysicalNode } from '../../physical/physical-plan.js';
import type { ReportOptions } from '../explain-options.js';
import { formatMs } from '../node-measures.js';
import { LINE_HEIGHT, LINE_SIZE, PADDING, type PlanBox, planBox, TITLE_SIZE } from './plan-box.js';
import { escapeXml, widthOfText } from './svg-text.js';
import { layOutTree, type PlacedBox } from './tree-layout.js';

const MARGIN = 24;
const HEADER = 34;
/** From the root up, where the rows of the query leave. */
const OUTLET = 40;
const GAPS = { across: 28, down: 58 };
/** Widths of edges: of no rows, and of most of all. */
const LEAST_EDGE = 1.5;
const MOST_EDGE = 16;
/** An estimate that is so many times too much or too little is pointed out. */
const WRONG_ESTIMATE = 10;

/** Colours for light backgrounds, and for dark ones. What stands for time is readable on both. */
const STYLE = `
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: ${LINE_SIZE}px; fill: #334155 }
.paper { fill: #ffffff }
.card { fill: #f8fafc; stroke: #cbd5e1 }
.title { font-size: ${TITLE_SIZE}px; font-weight: 600; fill: #0f172a }
.name { fill: #64748b }
.edge { fill: none; stroke: #93b4d8; stroke-linecap: round; stroke-opacity: 0.75 }
.count { font-weight: 600; fill: #1e3a5f }
.wrong { fill: #b45309 }
.halo { stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke }
.track { fill: #e2e8f0 }
@media (prefers-color-scheme: dark) {
text { fill: #cbd5e1 }
.paper { fill: #0d1117 }
.card { fill: #161b22; stroke: #3b4656 }
.title { fill: #f1f5f9 }
.name { fill: #8b9bb0 }
.edge { stroke: #4a6f9c }
.count { fill: #d6e6fa }
.wrong { fill: #fbbf24 }
.halo { stroke: #0d1117 }
.track { fill: #2a3340 }
}`.trim();

/**
 * The plan as a picture that stands for itself: boxes for operators, the result at the top; edges as wide as the rows that
 * go along them; with counters, colours and bars for the time of each operator. Without counters equal plans have equal
 * pictures.
 */
export function explainPlanAsSvg(plan: PhysicalNode, options: ReportOptions = {}): string {
  const tree = layOutTree(planBox(plan, options), GAPS);
  const boxes = boxesOf(tree.root);
  const scale: PictureScale = {
    mostRows: Math.max(...boxes.map(({ box }) => box.rows)),
    totalMs: boxes.reduce((sum, { box }) => sum + (box.actual?.timeMs ?? 0), 0),
    isAnalyzed: options.counters !== undefined,
  };
  const caption = captionOf(options);
  const width = Math.ceil(Math.max(tree.width, widthOfText(caption) * LINE_SIZE) + 2 * MARGIN);
  const height = Math.ceil(HEADER + OUTLET + tree.height + MARGIN);
  const shiftX = (width - tree.width) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(`Query plan: ${boxes[0]!.box.title}`)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="name" x="${MARGIN}" y="${MARGIN}">${escapeXml(caption)}</text>`,
    `<g transform="translate(${format(shiftX)} ${HEADER + OUTLET})">`,
    ...edges(tree.root, scale),
    ...boxes.map((placed) => drawBox(placed, scale)),
    ...labels(tree.root, scale),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface PictureScale {
  readonly mostRows: number;
  /** Of all operators and workers. */
  readonly totalMs: number;
  readonly isAnalyzed: boolean;
}

type Placed = PlacedBox<PlanBox>;

function boxesOf(placed: Placed): readonly Placed[] {
  return [placed, ...placed.inputs.flatMap(boxesOf)];
}

function captionOf({ counters, planningMs, executionMs }: ReportOptions): string {
  if (counters === undefined) return 'Rows are estimated.';
  const times = [
    ...(executionMs === undefined ? [] : [`Execution ${formatMs(executionMs)}`]),
    ...(planningMs === undefined ? [] : [`planning ${formatMs(planningMs)}`]),
  ];
  return [...times, 'times of operators are sums over workers'].join(' · ');
}

/** More rows, wider edges. Their square roots, since the least of them are to be seen, too. */
export function edgeWidth(rows: number, mostRows: number): number {
  const share = mostRows > 0 ? Math.sqrt(Math.max(0, rows) / mostRows) : 0;
  return LEAST_EDGE + (MOST_EDGE - LEAST_EDGE) * Math.min(1, share);
}

/** Where an edge leaves a box at the top, and where it comes in at the bottom of the one above. */
function edges(root: Placed, scale: PictureScale): readonly string[] {
  const middle = root.x + root.box.width / 2;
  return [edge(`M${format(middle)} ${root.y}V${root.y - OUTLET + 14}`, root.box, scale), ...edgesBelow(root, scale)];
}

function edgesBelow(placed: Placed, scale: PictureScale): readonly string[] {
  const bottom = placed.y + placed.box.height;
  return placed.inputs.flatMap((input, i) => {
    const from = input.x + input.box.width / 2;
    const to = entryOf(placed, i);
    const halfway = (input.y + bottom) / 2;
    const path = `M${format(from)} ${input.y}C${format(from)} ${format(halfway)} ${format(to)} ${format(halfway)} ${format(to)} ${bottom}`;
    return [edge(path, input.box, scale), ...edgesBelow(input, scale)];
  });
}

/** Edges come in side by side. */
function entryOf({ x, box, inputs }: Placed, input: number): number {
  const room = Math.min(box.width - 60, (inputs.length - 1) * 60);
  return x + box.width / 2 + (inputs.length < 2 ? 0 : room * (input / (inputs.length - 1) - 0.5));
}

function edge(path: string, box: PlanBox, { mostRows }: PictureScale): string {
  const title = `<title>${escapeXml(`${rowsText(box)}${box.actual ? `, ${groupDigits(box.estimatedRows)} estimated` : ''}`)}</title>`;
  return `<path class="edge" stroke-width="${format(edgeWidth(box.rows, mostRows))}" d="${path}">${title}</path>`;
}

function rowsText({ rows }: PlanBox): string {
  return rows === 1 ? '1 row' : `${groupDigits(rows)} rows`;
}

/** The numbers of rows beside the edges, where these do not bend to, above everything else. */
function labels(placed: Placed, scale: PictureScale, parentEntry?: number): readonly string[] {
  const { x, y, box } = placed;
  const middle = x + box.width / 2;
  const isLeft = parentEntry !== undefined && parentEntry > middle + 1;
  const distance = edgeWidth(box.rows, scale.mostRows) / 2 + 7;
  const where = `x="${format(isLeft ? middle - distance : middle + distance)}"${isLeft ? ' text-anchor="end"' : ''}`;
  const notes = [
    ...(box.role === undefined ? [] : [`<tspan class="name">${box.role}</tspan>`]),
    ...(isWrong(box, scale) ? [`<tspan class="wrong">${groupDigits(box.estimatedRows)} estimated</tspan>`] : []),
  ];
  return [
    `<text class="halo count" ${where} y="${y - 12}">${rowsText(box)}</text>`,
    ...(notes.length === 0 ? [] : [`<text class="halo" ${where} y="${y - 26}">${notes.join(' ')}</text>`]),
    ...placed.inputs.flatMap((input, i) => labels(input, scale, entryOf(placed, i))),
  ];
}

function isWrong({ rows, estimatedRows, isFilteredLater }: PlanBox, { isAnalyzed }: PictureScale): boolean {
  if (!isAnalyzed) return false;
  const [actual, estimated] = [Math.max(rows, 1), Math.max(estimatedRows, 1)];
  return actual >= WRONG_ESTIMATE * estimated || (!isFilteredLater && estimated >= WRONG_ESTIMATE * actual);
}

function drawBox({ x, y, box }: Placed, { totalMs, isAnalyzed }: PictureScale): string {
  const { width, height, title, lines, tooltip, actual } = box;
  const share = actual && totalMs > 0 ? actual.timeMs / totalMs : 0;
  const isIdle = isAnalyzed && actual === undefined;
  const text = [
    `<text class="title" x="${PADDING}" y="${PADDING + TITLE_SIZE}">${escapeXml(title)}</text>`,
    ...lines.map((line, i) => {
      const name = line.name === '' ? '' : `<tspan class="name">${escapeXml(line.name)}</tspan> `;
      const baseline = PADDING + TITLE_SIZE + 4 + (i + 1) * LINE_HEIGHT;
      return `<text x="${PADDING}" y="${baseline}">${name}${escapeXml(line.text)}</text>`;
    }),
  ];
  return [
    `<g class="operator" transform="translate(${format(x)} ${y})"${isIdle ? ' opacity="0.55"' : ''}>`,
    `<title>${escapeXml(tooltip.join('\n'))}</title>`,
    `<rect class="card" width="${width}" height="${height}" rx="8"/>`,
    ...(actual ? heat(width, height, share) : []),
    ...text,
    '</g>',
  ].join('');
}

/** The colour of an operator's share of the time, over its box and in a bar. */
function heat(width: number, height: number, share: number): readonly string[] {
  const colour = heatColour(share);
  const room = width - 2 * PADDING;
  const top = height - PADDING - 2;
  const percent = share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;
  const barRoom = room - 34;
  return [
    `<rect width="${width}" height="${height}" rx="8" fill="${colour}" fill-opacity="${format(0.04 + 0.2 * share)}" stroke="${colour}" stroke-opacity="${format(Math.min(1, 0.15 + 2 * share))}"/>`,
    `<rect class="track" x="${PADDING}" y="${top}" width="${barRoom}" height="5" rx="2.5"/>`,
    `<rect x="${PADDING}" y="${top}" width="${format(Math.max(2, barRoom * share))}" height="5" rx="2.5" fill="${colour}"/>`,
    `<text class="name" x="${width - PADDING}" y="${top + 6}" text-anchor="end">${escapeXml(percent)}</text>`,
  ];
}

/** From blue over yellow to red, which is half of the time. */
const HEAT: readonly (readonly [red: number, green: number, blue: number])[] = [
  [86, 156, 214],
  [234, 179, 8],
  [239, 68, 68],
];

function heatColour(share: number): string {
  const place = Math.min(1, share * 2) * (HEAT.length - 1);
  const [from, to] = [HEAT[Math.floor(place)]!, HEAT[Math.min(HEAT.length - 1, Math.floor(place) + 1)]!];
  const mixed = from.map((part, i) => Math.round(part + (to[i]! - part) * (place % 1)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Not by the locale of the machine. */
function groupDigits(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function format(coordinate: number): string {
  return String(Math.round(coordinate * 100) / 100);
}
