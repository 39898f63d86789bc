import { userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';
import type { Identifier } from '../parser/index.js';
import type { PreparedStatement, Session } from './session.js';

/** The statement of that name; 26000 if there is none. */
export function findPreparedStatement(session: Session, { name, position }: Identifier): PreparedStatement {
  const prepared = session.preparedStatements.get(name);
  if (prepared !== undefined) return prepared;
  throw userError('26000', `prepared statement "${name}" does not exist`, {
    position,
    hint: nearestNameHint(name, [...session.preparedStatements.keys()], 'PREPARE makes one, for this session.'),
  });
}
