# The functions of nixpkgs' lib that the overlay uses, by their names there.
rec {
  inherit (builtins) mapAttrs attrNames;
  last = list: builtins.elemAt list (builtins.length list - 1);
  optionalAttrs = condition: attrs: if condition then attrs else { };
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  removePrefix = prefix: text:
    if hasPrefix prefix text then builtins.substring (builtins.stringLength prefix) (-1) text else text;
  splitString = separator: text:
    builtins.filter builtins.isString (builtins.split (escapeRegex separator) text);
  escapeRegex = builtins.replaceStrings [ "." "/" "+" "*" ] [ "\\." "/" "\\+" "\\*" ];
  concatStringsSep = builtins.concatStringsSep;
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (builtins.attrNames attrs);
  escapeShellArg = argument: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString argument)}'";
  getName = drv: drv.pname or (builtins.parseDrvName drv.name).name;
  fix = f: let x = f x; in x;
  licenses.mit = { spdxId = "MIT"; };
  platforms.linux = [ "x86_64-linux" "aarch64-linux" ];

  # lib/customisation.nix: arguments by name, out of a set.
  callPackageWith = scope: file: arguments:
    let
      function = if builtins.isFunction file then file else import file;
      wanted = builtins.functionArgs function;
    in
    function (builtins.intersectAttrs wanted scope // arguments);
}
