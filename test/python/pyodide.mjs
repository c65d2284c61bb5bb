/**
 * Runs a script in CPython that was compiled to WebAssembly, with a directory of the machine at the same path.
 *
 * usage: node pyodide.mjs PACKAGE DIRECTORY SCRIPT ARGUMENTS...
 */

const [name, directory, script, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(name);
const python = await loadPyodide({ stdout: (line) => process.stdout.write(`${line}\n`), env: { HOME: '/home' } });
python.FS.mkdirTree(directory);
python.FS.mount(python.FS.filesystems.NODEFS, { root: directory }, directory);
python.globals.set('_arguments', python.toPy([script, ...args]));
python.runPython(`
import runpy, sys
sys.argv, sys.dont_write_bytecode = list(_arguments), True
runpy.run_path(sys.argv[0], run_name="__main__")
`);
