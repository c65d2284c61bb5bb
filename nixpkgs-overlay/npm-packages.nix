# The npm packages of the lock file, each fetched as a fixed-output derivation whose hash is the lock file's own: nothing
# is kept by hand. npm itself knows where packages are; `npm_config_registry` in the builder's environment changes that.
{ lib, stdenv, nodejs, cacert ? null }:
let
  lock = builtins.fromJSON (builtins.readFile ../package-lock.json);

  # What compiles the sources; everything else that is only for development stays away.
  cpu = { x86_64 = "x64"; aarch64 = "arm64"; }.${stdenv.buildPlatform.parsed.cpu.name} or "unknown";
  forBuild = [
    "node_modules/typescript"
    "node_modules/@typescript/typescript-linux-${cpu}"
    "node_modules/undici-types"
  ];
  isForBuild = path: builtins.elem path forBuild || lib.hasPrefix "node_modules/@types/" path;
  isWanted = path:
    let entry = lock.packages.${path}; in
    entry ? integrity && (isForBuild path || !(entry.dev or false || entry.optional or false || entry.devOptional or false));
  paths = builtins.filter isWanted (builtins.attrNames lock.packages);

  # "node_modules/a/node_modules/@b/c" is the package "@b/c".
  nameOf = path: lib.last (lib.splitString "node_modules/" path);

  fetch = path:
    let
      entry = lock.packages.${path};
      name = nameOf path;
    in
    stdenv.mkDerivation ({
      name = "${builtins.replaceStrings [ "@" "/" ] [ "" "-" ] name}-${entry.version}.tgz";
      nativeBuildInputs = [ nodejs ];
      buildCommand = ''
        export HOME=$TMPDIR npm_config_cache=$TMPDIR/cache npm_config_update_notifier=false
        npm pack --silent --pack-destination "$TMPDIR" ${lib.escapeShellArg "${name}@${entry.version}"} >/dev/null
        mv "$TMPDIR"/*.tgz $out
      '';
      outputHash = entry.integrity;
      outputHashMode = "flat";
      impureEnvVars = [ "http_proxy" "https_proxy" "no_proxy" "npm_config_registry" ];
    } // lib.optionalAttrs (cacert != null) {
      SSL_CERT_FILE = "${cacert}/etc/ssl/certs/ca-bundle.crt";
      NODE_EXTRA_CA_CERTS = "${cacert}/etc/ssl/certs/ca-bundle.crt";
    });
in
map (path: { inherit path; tarball = fetch path; }) paths
