/**
 * What runs in the page. Plain JavaScript, since the page brings it along; a stretch for each part of the page. Texts of
 * files are only ever set as text.
 */

import { baseScript } from './base.ts';
import { dialogScript } from './dialog.ts';
import { diffScript } from './diffs.ts';
import { filterScript } from './filters.ts';
import { listScript } from './list.ts';
import { partsScript } from './parts.ts';

export const script = `'use strict';\n(() => {${[baseScript, diffScript, dialogScript, listScript, filterScript, partsScript].join('')}})();\n`;
