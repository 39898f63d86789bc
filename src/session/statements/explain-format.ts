import { notSupportedError, userError } from '../../common/errors.js';
import type { ExplainStatement } from '../../parser/index.js';

/** TEXT or JSON. */
export function formatOf({ options }: ExplainStatement): 'text' | 'json' {
  const option = options.findLast(({ name }) => name === 'format');
  const value = option?.value;
  const word =
    value?.kind === 'identifier' ? value.name : value?.kind === 'stringLiteral' ? value.value.toLowerCase() : 'text';
  if (word === 'text' || word === 'json') return word;
  const position = option!.position;
  if (word === 'xml' || word === 'yaml') {
    throw notSupportedError(`EXPLAIN in format ${word} is not supported`, { position, hint: 'Use text or json.' });
  }
  throw userError('22023', `unrecognized value for EXPLAIN option "format": "${word}"`, {
    position,
    hint: 'Use text or json.',
  });
}
