import { notSupportedError, userError } from '../../common/errors.js';
import type { ExplainStatement } from '../../parser/index.js';
import { EXPLAIN_FORMATS, type ExplainFormat } from '../../planner/explain/explain-report.js';

const HINT = 'Use text, json or svg.';

export function formatOf({ options }: ExplainStatement): ExplainFormat {
  const option = options.findLast(({ name }) => name === 'format');
  const value = option?.value;
  const word =
    value?.kind === 'identifier' ? value.name : value?.kind === 'stringLiteral' ? value.value.toLowerCase() : 'text';
  const format = EXPLAIN_FORMATS.find((candidate) => candidate === word);
  if (format !== undefined) return format;
  const position = option!.position;
  if (word === 'xml' || word === 'yaml') {
    throw notSupportedError(`EXPLAIN in format ${word} is not supported`, { position, hint: HINT });
  }
  throw userError('22023', `unrecognized value for EXPLAIN option "format": "${word}"`, { position, hint: HINT });
}
