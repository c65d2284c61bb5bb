/** Makes a tree of package files such as nixpkgs has: sizes, shapes and mistakes mixed, the same for the same number. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small generator of numbers, so that every run makes the same tree. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const DEPENDENCIES = [
  'zlib',
  'openssl',
  'git',
  'python3',
  'perl',
  'coreutils',
  'gnugrep',
  'libxml2',
  'curl',
  'ncurses',
];

function some(next: (below: number) => number, count: number): string[] {
  return [...new Set(Array.from({ length: count }, () => DEPENDENCIES[next(DEPENDENCIES.length)] as string))];
}

/** Phases, a few of them with something to find. */
const phases: readonly ((dependency: string, name: string) => string)[] = [
  (dependency) => `  postPatch = ''
    substituteInPlace src/config.c \\
      --replace-fail '"/usr/bin/tool"' '"\${${dependency}}/bin/tool"'
    patchShebangs .
  '';`,
  (dependency, name) => `  postInstall = ''
    wrapProgram $out/bin/${name} \\
      --prefix PATH : \${lib.makeBinPath [ ${dependency} ]}
    install -Dm644 README.md $out/share/doc/${name}/README.md
    for file in $out/bin/*; do
      [ -f "$file" ] && chmod +x "''\${file}"
    done
  '';`,
  (dependency, name) => `  postInstall = ''
    mkdir -p $out/lib
    ln -s \${${dependency}}/lib/lib${name}.so $out/lib/
  '';`,
  (dependency) => `  cmakeFlags = [
    (lib.cmakeBool "WITH_TESTS" false)
    "-DTOOL_PATH=\${${dependency}}/bin/tool"
  ];`,
  () => `  preConfigure = ''
    export HOME=$TMPDIR
    ./autogen.sh
  '';`,
  (dependency) => `  checkPhase = ''
    runHook preCheck
    export PATH=\${${dependency}}/bin:$PATH
    make check \${lib.optionalString stdenv.isDarwin "SKIP=1"}
    runHook postCheck
  '';`,
];

function packageText(index: number): string {
  const next = numbers(index + 1);
  const name = `package-${index}`;
  const dependencies = some(next, 2 + next(6));
  const first = dependencies[0] as string;
  const chosen = Array.from({ length: 1 + next(3) }, () => phases[next(phases.length)]);
  const body = [...new Set(chosen)].map((phase) => phase?.(first, name) ?? '').join('\n\n');
  const filler =
    next(4) === 0
      ? Array.from({ length: next(60) }, (_, i) => `    # Note ${i}: why this is so, at some length.`).join('\n')
      : '';
  return `{
  lib,
  stdenv,
  fetchFromGitHub,
  makeWrapper,
${dependencies.map((dependency) => `  ${dependency},`).join('\n')}
}:

stdenv.mkDerivation (finalAttrs: {
  pname = "${name}";
  version = "${next(9)}.${next(30)}.${next(9)}";

  src = fetchFromGitHub {
    owner = "owner-${next(500)}";
    repo = "${name}";
    rev = "v\${finalAttrs.version}";
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };

  nativeBuildInputs = [ makeWrapper ];
  buildInputs = [
${dependencies.map((dependency) => `    ${dependency}`).join('\n')}
  ]
  ++ lib.optionals stdenv.hostPlatform.isLinux [ ${first} ];
${filler}
${body}

  meta = {
    description = "Package number ${index}, that does something";
    homepage = "https://example.org/${name}";
    license = lib.licenses.mit;
    maintainers = with lib.maintainers; [ ];
    platforms = lib.platforms.unix;
  };
})
`;
}

/** Writes the files, in folders of a hundred; returns their bytes. */
export function writeNixTree(directory: string, files: number): number {
  let bytes = 0;
  for (let index = 0; index < files; index++) {
    const folder = join(directory, 'pkgs', String(Math.floor(index / 100)), `package-${index}`);
    mkdirSync(folder, { recursive: true });
    const text = packageText(index);
    bytes += text.length;
    writeFileSync(join(folder, 'package.nix'), text);
  }
  return bytes;
}
