// Functions of JSON that are spelled in SQL of others.

/** `key` and `value` are those of entry `place`, from 1. */
const object = (type: 'json' | 'jsonb', count: string, key: string, value: string): string => `
  ('{' || array_to_string(list_transform(series_array(1, ${count}), place ->
    coalesce(to_json(${key})::text, fail_with(''::text, '22004', 'null value not allowed for object key')) || ' : ' ||
      coalesce(to_json(${value})::text, 'null')), ', ') || '}')::${type}`;

/** Keys and values by turns. */
export const objectOfPairs = (type: 'json' | 'jsonb'): string => `case
  when array_size($1) % 2 = 1 then fail_with('{}'::${type}, '2202E', 'array must have even number of elements')
  else ${object(type, 'array_size($1) / 2', '$1[2 * place - 1]', '$1[2 * place]')} end`;

export const objectOfArrays = (type: 'json' | 'jsonb'): string => `case
  when array_size($1) <> array_size($2) then fail_with('{}'::${type}, '2202E', 'mismatched array dimensions')
  else ${object(type, 'array_size($1)', '$1[place]', '$2[place]')} end`;

const TREATMENTS = 'null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"';

/** jsonb_set_lax with so many arguments behind the first: target, path, value, whether to create, what NULL does. */
export function setLax(count: number): string {
  const create = count > 2 ? '$4' : 'true';
  const treatment = count > 3 ? '$5' : "'use_json_null'::text";
  return `case
    when $1 is null or $2 is null or ${create} is null then null
    when ${treatment} is null then fail_with($1, '22023', '${TREATMENTS}')
    when $3 is not null then jsonb_set($1, $2, $3, ${create})
    when ${treatment} = 'use_json_null' then jsonb_set($1, $2, 'null', ${create})
    when ${treatment} = 'delete_key' then $1 #- $2
    when ${treatment} = 'return_target' then $1
    when ${treatment} = 'raise_exception' then fail_with($1, '22004', 'JSON value must not be null',
      'To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.',
      'Exception was raised because null_value_treatment is "raise_exception".')
    else fail_with($1, '22023', '${TREATMENTS}') end`;
}
