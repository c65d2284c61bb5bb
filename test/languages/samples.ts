/**
 * A small file of every text format, with the same store path as code or data and in a comment where it has comments. A first
 * line is empty where a byte order mark would turn a comment into something else.
 */

export interface Sample {
  /** Id of the analyzer whose file it is. */
  readonly analyzer: string;
  /** What its rules begin with; its name where this is left out. */
  readonly rules?: string;
  readonly file: string;
  readonly text: (path: string) => string;
  /** A line of the format without a path, to be written many times. */
  readonly filler: string;
}

const xml = (open: string, body: string, close: string) => `<?xml version="1.0"?>\n${open}\n${body}\n${close}\n`;

export const samples: readonly Sample[] = [
  {
    analyzer: 'shell',
    file: 'bin/x.bash',
    text: (path) => `\n# ${path}\necho "${path}/a" '${path}' ${path}\n`,
    filler: 'x=1\n',
  },
  {
    analyzer: 'fish',
    file: 'share/x.fish',
    text: (path) => `\n# ${path}\necho "${path}/a" '${path}' ${path}\n`,
    filler: 'set x 1\n',
  },
  {
    analyzer: 'python',
    file: 'lib/x.py',
    text: (path) => `# ${path}\nx = "${path}/a"\ny = '${path}'\n`,
    filler: 'x = 1\n',
  },
  {
    analyzer: 'python-package',
    rules: 'python',
    file: 'lib/site-packages/x.pth',
    text: (path) => `# ${path}\n${path}/a\n${path}\n`,
    filler: 'x\n',
  },
  {
    analyzer: 'javascript',
    file: 'lib/x.cjs',
    text: (path) => `// ${path}\nx = "${path}/a";\ny = '${path}';\n`,
    filler: 'x = 1;\n',
  },
  {
    analyzer: 'perl',
    file: 'lib/x.pm',
    text: (path) => `# ${path}\nuse strict;\nmy $x = "${path}/a";\nmy $y = '${path}';\n`,
    filler: 'my $x = 1;\n',
  },
  {
    analyzer: 'php',
    file: 'share/x.php',
    text: (path) => `<?php\n# ${path}\n$x = "${path}/a";\n$y = '${path}';\n`,
    filler: '$x = 1;\n',
  },
  {
    analyzer: 'ruby',
    file: 'lib/x.rb',
    text: (path) => `# ${path}\nx = "${path}/a"\ny = '${path}'\n`,
    filler: 'x = 1\n',
  },
  {
    analyzer: 'lua',
    file: 'lib/x.lua',
    text: (path) => `-- ${path}\nx = "${path}/a"\ny = '${path}'\n`,
    filler: 'x = 1\n',
  },
  {
    analyzer: 'tcl',
    file: 'lib/x.tcl',
    text: (path) => `# ${path}\nset x "${path}/a"\nset y ${path}\n`,
    filler: 'set x 1\n',
  },
  {
    analyzer: 'cmake',
    file: 'lib/cmake/x/x.cmake',
    text: (path) => `# ${path}\nset(x "${path}/a")\nset(y ${path})\n`,
    filler: 'set(x 1)\n',
  },
  {
    analyzer: 'pkg-config',
    file: 'lib/pkgconfig/x.pc',
    text: (path) => `\n# ${path}\nprefix=${path}\nName: x\nCflags: -I${path}/include\n`,
    filler: 'x=1\n',
  },
  {
    analyzer: 'makefile',
    file: 'lib/x.mk',
    text: (path) => `# ${path}\nx = ${path}/a\nall:\n\techo ${path}\n`,
    filler: 'x = 1\n',
  },
  {
    analyzer: 'libtool',
    file: 'lib/libx.la',
    text: (path) =>
      `# libx.la - a libtool library file\n# ${path}\ndependency_libs=' -L${path}/a'\nlibdir='${path}/lib'\n`,
    filler: "x='1'\n",
  },
  {
    analyzer: 'nix-support',
    file: 'nix-support/propagated-build-inputs',
    text: (path) => `${path} ${path}\n`,
    filler: 'words\n',
  },
  {
    analyzer: 'fontconfig',
    file: 'etc/fonts/fonts.conf',
    text: (path) => xml('<fontconfig>', `<!-- ${path} -->\n<dir>${path}/a</dir>`, '</fontconfig>'),
    filler: '<x/>\n',
  },
  {
    analyzer: 'icd',
    file: 'share/vulkan/icd.d/x.json',
    text: (path) => `{\n"file_format_version": "1.0.0",\n"ICD": { "library_path": "${path}/a" }\n}\n`,
    filler: ' \n',
  },
  {
    analyzer: 'desktop',
    file: 'share/applications/x.desktop',
    text: (path) => `[Desktop Entry]\n# ${path}\nName=x\nExec=${path}/a\nIcon=${path}\n`,
    filler: 'X-X=1\n',
  },
  {
    analyzer: 'systemd',
    file: 'lib/systemd/system/x.service',
    text: (path) => `[Service]\n# ${path}\nExecStart=${path}/a\nEnvironment=X=${path}\n`,
    filler: 'X-X=1\n',
  },
  {
    analyzer: 'host-config',
    file: 'lib/udev/rules.d/60-x.rules',
    text: (path) => `\n# ${path}\nACTION=="add", RUN+="${path}/a", ENV{X}="${path}"\n`,
    filler: 'X=="1"\n',
  },
  {
    analyzer: 'dbus',
    file: 'share/dbus-1/x.conf',
    text: (path) => xml('<busconfig>', `<!-- ${path} -->\n<servicedir>${path}/a</servicedir>`, '</busconfig>'),
    filler: '<x/>\n',
  },
  {
    analyzer: 'gdk-pixbuf',
    file: 'lib/gdk-pixbuf-2.0/loaders.cache',
    text: (path) => `\n# ${path}\n"${path}/a.so"\n"x" 5 "gdk-pixbuf" "X" "LGPL"\n`,
    filler: '"x" 5\n',
  },
  {
    analyzer: 'linker-script',
    file: 'lib/libx.so',
    text: (path) => `\n/* ${path} */\nGROUP ( ${path}/a.so ${path}/b.a )\n`,
    filler: '/* x */\n',
  },
  {
    analyzer: 'manual',
    file: 'share/man/man1/x.1',
    text: (path) => `.TH x 1\nReads ${path}/a\n`,
    filler: 'text\n',
  },
  {
    analyzer: 'gir',
    file: 'share/gir-1.0/x.gir',
    text: (path) =>
      xml('<repository>', `<!-- ${path} -->\n<namespace shared-library="${path}/a.so"/>`, '</repository>'),
    filler: '<x/>\n',
  },
  {
    analyzer: 'ghc',
    file: 'lib/ghc/package.conf.d/x.conf',
    text: (path) => `name: x\nimport-dirs: ${path}/a\n    ${path}/b\nlibrary-dirs: ${path}\ndescription: ${path}\n`,
    filler: 'x: 1\n',
  },
  {
    analyzer: 'xml',
    file: 'share/x.xml',
    text: (path) => xml('<x>', `<!-- ${path} -->\n<y a="${path}/a">${path}</y>`, '</x>'),
    filler: '<x/>\n',
  },
];
