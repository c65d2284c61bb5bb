"""Compiles start.py, and prints what Unmoor has to know of this version of Python, as JSON.

usage: python3 capture.py start.py
"""

import json
import marshal
import opcode
import sys
from importlib.util import MAGIC_NUMBER

PLACES = ("@code@", "@changes@", "@up@", "@alias@", "@named@")


def strip(code, name=None):
    """Without what the place of this file, its texts for people and its lines would put in."""
    consts = [strip(c) if hasattr(c, "co_code") else c for c in code.co_consts]
    changed = code.replace(co_consts=tuple(consts), co_filename="@file@")
    if name is None:
        return changed
    # By this name importlib knows frames that are left out of tracebacks.
    return changed.replace(co_name=name, **({"co_qualname": name} if hasattr(code, "co_qualname") else {}))


def start(path):
    with open(path, encoding="utf-8") as file:
        module = compile(file.read(), "@file@", "exec", dont_inherit=True, optimize=2)
    prepare = next(c for c in module.co_consts if hasattr(c, "co_code"))
    call = "exec((lambda code, changes, up, alias, named: 0)(%r, %r, %r, %r, %r))" % PLACES
    outer = compile(call, "@file@", "exec", dont_inherit=True, optimize=2)
    consts = tuple(prepare if hasattr(c, "co_code") else c for c in outer.co_consts)
    # The second version of the format has no references: those of the module's own code keep their numbers.
    return marshal.dumps(strip(outer.replace(co_consts=consts), "_call_with_frames_removed"), 2)


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
