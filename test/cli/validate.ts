/** The published schemas, as functions. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { root } from './run-unmoor.ts';

const schema = (name: string) =>
  JSON.parse(readFileSync(`${root}/src/reports/schema/${name}-v1.schema.json`, 'utf8')) as object;

/** @returns what is wrong with a document; empty when nothing is. */
export function validator(name: 'audit' | 'relocate' | 'verify'): (document: unknown) => unknown[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  if (name !== 'audit') ajv.addSchema(schema('audit'));
  const validate = ajv.compile(schema(name));
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}
