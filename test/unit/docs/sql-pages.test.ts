import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderSqlPages } from './sql-pages.js';

const folder = new URL('../../../../docs/sql/', import.meta.url);

test('docs/sql says what the registry of functions says (UPDATE=1 rewrites it)', () => {
  for (const [name, text] of renderSqlPages()) {
    const path = new URL(name, folder);
    if (process.env.UPDATE === '1') writeFileSync(path, text);
    else assert.equal(existsSync(path) ? readFileSync(path, 'utf8') : '', text, name);
  }
});
