/** The published schemas, as functions. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { root } from './run-unmoor.ts';

const schema = (name: string) =>
  JSON.parse(readFileSync(`${root}/src/reports/schema/${name}-v1.schema.json`, 'utf8')) as object;

export type Schema = 'audit' | 'relocate' | 'verify' | 'rewrite' | 'why' | 'demo' | 'adopt' | 'index';

/** @returns what is wrong with a document; empty when nothing is. */
export function validator(name: Schema): (document: unknown) => unknown[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  const referred = ['audit', 'relocate'].filter((other) => other !== name);
  for (const other of referred) ajv.addSchema(schema(other));
  const validate = ajv.compile(schema(name));
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}
