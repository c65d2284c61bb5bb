/** Rules and settings of the host's daemons: udev, systemd's directories, PAM, polkit, cron and others. */

import { hostConfig, isInComment } from '../../syntax/host-config.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const hostConfigRules = [
  { id: 'host-config/path', summary: 'Configuration of a daemon of the host holds an absolute store path' },
] as const satisfies readonly Rule[];

export const hostConfigAnalyzer: Analyzer = {
  id: 'host-config',
  rules: hostConfigRules,
  claims: (file) =>
    hostConfig(file.file) !== undefined && isModestText(file) && !file.head.subarray(0, 2).equals(Buffer.from('#!'))
      ? 82
      : 0,
  sites(file, occurrences) {
    const config = hostConfig(file.file);
    if (config === undefined) return [];
    const text = textOf(file);
    return textSites(file, occurrences, (offset) => {
      const end = text.indexOf('\n', offset);
      const isComment = isInComment(text, offset, config.comments);
      return {
        rule: 'host-config/path',
        role: isComment ? 'documentation' : 'run-time',
        what: isComment ? 'comment' : `for ${config.reader}`,
        end: end < 0 ? text.length : end,
      };
    });
  },
};
