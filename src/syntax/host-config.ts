/** Configuration that daemons and tools of the host read, told by its place in the file system hierarchy. */

export interface HostConfig {
  /** Who reads it. */
  readonly reader: string;
  readonly comments: 'hash' | 'xml' | 'script';
}

const at = (directory: string, name = '[^/]+') => new RegExp(`(?:^|/)${directory}/${name}$`);

const places: readonly (readonly [RegExp, string, HostConfig['comments']])[] = [
  [at('udev/(?:rules|hwdb)\\.d', '[^/]+\\.(?:rules|hwdb)'), 'udev', 'hash'],
  [at('(?:tmpfiles|sysusers|modules-load|binfmt|sysctl|environment)\\.d', '[^/]+\\.conf'), 'systemd', 'hash'],
  [at('modprobe\\.d', '[^/]+\\.conf'), 'modprobe', 'hash'],
  [at('etc/pam\\.d'), 'PAM', 'hash'],
  [at('share/polkit-1/actions', '[^/]+\\.policy'), 'polkit', 'xml'],
  [at('polkit-1/rules\\.d', '[^/]+\\.rules'), 'polkit', 'script'],
  [at('etc/cron\\.d'), 'cron', 'hash'],
  [at('etc', '(?:ana)?crontab'), 'cron', 'hash'],
  [at('etc/logrotate\\.d'), 'logrotate', 'hash'],
  [at('etc', 'logrotate\\.conf'), 'logrotate', 'hash'],
  [at('etc/sudoers\\.d'), 'sudo', 'hash'],
  [at('etc', 'sudoers'), 'sudo', 'hash'],
  [at('(?:etc|share)/X11/xorg\\.conf\\.d', '[^/]+\\.conf'), 'the X server', 'hash'],
  [at('etc/xinetd\\.d'), 'xinetd', 'hash'],
];

/** @param file path inside the object; undefined when nothing of the host is known to read it there */
export function hostConfig(file: string): HostConfig | undefined {
  const found = places.find(([pattern]) => pattern.test(file));
  return found && { reader: found[1], comments: found[2] };
}

/** Whether the byte stands in a comment that begins its line, or in one of XML. */
export function isInComment(text: string, offset: number, comments: HostConfig['comments']): boolean {
  if (comments === 'xml') return text.lastIndexOf('<!--', offset) > text.lastIndexOf('-->', offset);
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return (comments === 'hash' ? /^\s*#/ : /^\s*\/\//).test(line);
}
