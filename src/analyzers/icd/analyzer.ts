/** Manifests by which loaders find drivers and layers: JSON of Vulkan, EGL and OpenXR, and OpenCL's one-line files. */

import { jsonStrings } from '../../syntax/json-strings.ts';
import { lineAt } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const icdRules = [
  { id: 'icd/library-path', summary: 'A driver manifest names its library in the store' },
  { id: 'icd/opencl', summary: 'An OpenCL vendor file names its library in the store' },
] as const satisfies readonly Rule[];

/** Where the specifications put the library's name; `*` is an element of an array. */
const places = new Set([
  'ICD/library_path',
  'layer/library_path',
  'layers/*/library_path',
  'api_layer/library_path',
  'runtime/library_path',
]);

const isOpenCl = (path: string) => /(?:^|\/)OpenCL\/vendors\/[^/]+\.icd$/.test(path);

export const icdAnalyzer: Analyzer = {
  id: 'icd',
  rules: icdRules,
  claims(file) {
    if (!isModestText(file)) return 0;
    if (isOpenCl(file.file)) return 80;
    // What reads the manifests of EGL's external platforms is not known from its source.
    if (file.file.includes('egl_external_platform.d/')) return 0;
    return file.file.endsWith('.json') && file.head.toString('latin1').includes('"file_format_version"') ? 80 : 0;
  },
  sites(file, occurrences) {
    const end = file.bytes.size;
    if (isOpenCl(file.file)) {
      return textSites(file, occurrences, () => ({ rule: 'icd/opencl', role: 'run-time', what: 'library', end }));
    }
    const strings = jsonStrings(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const string = lineAt(strings, offset);
      // The path must be the whole string, or a relative one would not be seen as a path.
      if (string === undefined || string.start !== offset || !places.has(string.path.join('/'))) return undefined;
      return { rule: 'icd/library-path', role: 'run-time', what: string.path.join('.'), end: string.end };
    });
  },
};
