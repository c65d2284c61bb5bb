/**
 * Shell code that finds a script's store directory. It holds no single quote, no backslash, no `]]` and no tripled
 * quote, so that it can stand inside other languages' strings and comments.
 *
 * Its variables are `_unmoor` and `_unmoor1`: they reach the environment only where it has variables of these names.
 */

/**
 * Sets `_unmoor` to the script's own path: absolute, and physical as soon as one component is a link. Directory links
 * matter too, because programs take `..` out of their paths as text (Python does with `sys.executable`). `[ -h ]` is
 * lstat(2): no process is started unless a link has to be resolved. `command -p` finds readlink whatever PATH is;
 * hosts that know no standard path (NixOS) have it in PATH.
 */
const OWN_PATH =
  '_unmoor=$0;case $0 in /*);;*)_unmoor=$PWD/${0#./};;esac;_unmoor1=$_unmoor;' +
  'while [ "$_unmoor1" ];do if [ -h "$_unmoor1" ];then ' +
  '_unmoor=$(command -p readlink -f -- "$0" 2>/dev/null||readlink -f -- "$0");break;fi;_unmoor1=${_unmoor1%/*};done';

/**
 * Shell code that sets `_unmoor` to the store directory.
 *
 * @param up components from the script up to the store directory: 2 for a script in `<object>/bin`, less one for its name
 * @param inside code that runs while `_unmoor` is still the script's path
 */
export function locateStore(up: number, inside = ''): string {
  const dots = '/..'.repeat(up);
  const strip = '/*'.repeat(up + 1);
  return `${OWN_PATH};${inside}case $_unmoor in */./*|*/../*|*//*)_unmoor=\${_unmoor%/*}${dots};;*)_unmoor=\${_unmoor%${strip}};;esac`;
}
