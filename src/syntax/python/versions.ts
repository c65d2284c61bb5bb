/**
 * Versions of CPython's bytecode, by the magic number that a `.pyc` begins with (CPython 3.14,
 * Include/internal/pycore_magic_number.h; before, Lib/importlib/_bootstrap_external.py). Releases of one version share it.
 */

/** Operations that tell what a constant is used for (Lib/opcode.py, Include/opcode_ids.h). */
export interface Opcodes {
  readonly extendedArgument: number;
  /** Those whose argument is the index of a constant. */
  readonly loadConstant: readonly number[];
  readonly storeName: number;
}

export interface PythonVersion {
  readonly name: string;
  readonly magic: number;
  readonly opcodes: Opcodes;
  /** Rounds for each word of SipHash in the hash of a source (Python/pyhash.c, `_Py_KeyedHash`; 1 since 3.11). */
  readonly hashRounds: 1 | 2;
  /** Fields of a marshalled code object (Python/marshal.c, `TYPE_CODE`). */
  readonly layout: 'variables' | 'locals-plus';
}

const early: Opcodes = { extendedArgument: 144, loadConstant: [100], storeName: 90 };

export const pythonVersions: readonly PythonVersion[] = [
  { name: '3.8', magic: 3413, opcodes: early, hashRounds: 2, layout: 'variables' },
  { name: '3.9', magic: 3425, opcodes: early, hashRounds: 2, layout: 'variables' },
  { name: '3.10', magic: 3439, opcodes: early, hashRounds: 2, layout: 'variables' },
  { name: '3.11', magic: 3495, opcodes: early, hashRounds: 1, layout: 'locals-plus' },
  {
    name: '3.12',
    magic: 3531,
    opcodes: { ...early, loadConstant: [100, 121] },
    hashRounds: 1,
    layout: 'locals-plus',
  },
  {
    name: '3.13',
    magic: 3571,
    opcodes: { extendedArgument: 71, loadConstant: [83, 103], storeName: 114 },
    hashRounds: 1,
    layout: 'locals-plus',
  },
  {
    name: '3.14',
    magic: 3627,
    opcodes: { extendedArgument: 69, loadConstant: [82], storeName: 116 },
    hashRounds: 1,
    layout: 'locals-plus',
  },
];

/** What stands behind the magic number of CPython: carriage return and line feed. */
const MARK = 0x0a0d;

/** Whether a file begins as bytecode of CPython, of any version since 3.7 (PEP 552). */
export function isBytecode(head: Buffer): boolean {
  return head.length >= 16 && head.readUInt16LE(2) === MARK;
}

/** The version that compiled a file; undefined for those that are not known. */
export function versionOf(head: Buffer): PythonVersion | undefined {
  if (!isBytecode(head)) return undefined;
  const magic = head.readUInt16LE(0);
  return pythonVersions.find((version) => version.magic === magic);
}
