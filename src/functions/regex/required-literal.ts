import type { RegexNode } from './regex-syntax.js';

export interface RequiredLiteral {
  readonly text: string;
  /** Every match begins with it. */
  readonly isPrefix: boolean;
  /** Every match is it. */
  readonly isWhole: boolean;
}

/** Where anything may stand. */
const GAP = undefined;

/** The longest text that occurs in every match. */
export function requiredLiteral(node: RegexNode): RequiredLiteral | undefined {
  const parts: (number | typeof GAP)[] = [];
  let hasConditions = false;
  const visit = (part: RegexNode): void => {
    switch (part.kind) {
      case 'set':
        parts.push(part.set.length === 2 && part.set[0] === part.set[1] ? part.set[0] : GAP);
        break;
      case 'capture':
        visit(part.child);
        break;
      case 'concat':
        part.items.forEach(visit);
        break;
      case 'repeat':
        // After it may come more of the same.
        if (part.min > 0) visit(part.child);
        if (part.min !== 1 || part.max !== 1) parts.push(GAP);
        break;
      case 'alternate':
      case 'backReference':
        parts.push(GAP);
        break;
      case 'assert':
      case 'look':
        hasConditions = true;
        break;
    }
  };
  visit(node);
  let best: { start: number; end: number } | undefined;
  for (let start = 0; start < parts.length; start++) {
    if (parts[start] === GAP) continue;
    let end = start;
    while (end < parts.length && parts[end] !== GAP) end++;
    if (best === undefined || end - start > best.end - best.start) best = { start, end };
    start = end;
  }
  if (best === undefined) return undefined;
  const text = String.fromCodePoint(...(parts.slice(best.start, best.end) as number[]));
  const isWhole = best.start === 0 && best.end === parts.length && !hasConditions;
  return { text, isPrefix: best.start === 0, isWhole };
}
