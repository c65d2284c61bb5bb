"""Compiles start.py, and prints what Unmoor has to know of this version of Python, as JSON.

usage: python3 capture.py start.py
"""

import json
import marshal
import opcode
import sys
from importlib.util import MAGIC_NUMBER

PLACES = ("@code@", "@changes@", "@up@", "@alias@", "@named@")


def strip(code, file):
    """Without what the place of this file and its lines would put in."""
    consts = [strip(c, file) if hasattr(c, "co_code") else c for c in code.co_consts]
    lines = "co_linetable" if hasattr(code, "co_linetable") else "co_lnotab"
    return code.replace(co_consts=tuple(consts), co_filename=file, **{lines: b""})


def named(code, name):
    return code.replace(co_name=name, **({"co_qualname": name} if hasattr(code, "co_qualname") else {}))


def start(path):
    with open(path, encoding="utf-8") as file:
        module = compile(file.read(), "@file@", "exec", dont_inherit=True, optimize=2)
    functions = {c.co_name: c for c in module.co_consts if hasattr(c, "co_code")}
    # The second version of the format has no references: those of the module's own code keep their numbers.
    made = marshal.dumps(strip(functions["prepare"], "<unmoor>"), 2)
    call = "exec((lambda made, code, changes, up, alias, named: 0)(%r, %r, %r, %r, %r, %r))" % (made, *PLACES)
    outer = compile(call, "@file@", "exec", dont_inherit=True, optimize=2)
    consts = tuple(functions["begin"] if hasattr(c, "co_code") else c for c in outer.co_consts)
    # By this name importlib knows frames that are left out of tracebacks.
    whole = named(strip(outer.replace(co_consts=consts), "@file@"), "_call_with_frames_removed")
    return marshal.dumps(whole, 2)


def main():
    names = ("EXTENDED_ARG", "LOAD_CONST", "RETURN_CONST", "STORE_NAME")
    facts = {
        "version": "%d.%d" % sys.version_info[:2],
        "magic": int.from_bytes(MAGIC_NUMBER[:2], "little"),
        "opcodes": {name: opcode.opmap[name] for name in names if name in opcode.opmap},
        "start": start(sys.argv[1]).decode("latin-1"),
    }
    print(json.dumps(facts))


main()
