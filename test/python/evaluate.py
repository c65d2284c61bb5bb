"""Runs modules below ROOT/OBJECT/lib, each by itself, and prints what their variable RESULT is, the store's place taken out:
twice each, from the source and from the bytecode. A module that is not taken from its bytecode is an error.

usage: evaluate.py compile|run OBJECT MODULES ROOT...
MODULES: names with commas between. `compile`: makes bytecode first, at three levels of optimisation, checked by hash.
"""

import importlib.util
import os
import py_compile
import sys

how, name, modules = sys.argv[1:4]
roots = sys.argv[4:]


def plain(value, root):
    if isinstance(value, bytes):
        return "bytes " + value.replace(os.fsencode(root), b"<S>").decode("latin-1")
    if isinstance(value, str):
        return value.replace(root, "<S>")
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(plain(v, root) for v in value) + "]"
    if isinstance(value, dict):
        return plain(list(value.items()), root)
    return repr(value).replace(root, "<S>")


def compiled(*arguments, **options):
    raise ImportError("the source was compiled")


def result(path, module, by):
    spec = importlib.util.spec_from_file_location(module, path)
    made = importlib.util.module_from_spec(spec)
    if by == "source":
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec", dont_inherit=True), vars(made))
    else:
        spec.loader.source_to_code = compiled
        sys.modules[module] = made
        spec.loader.exec_module(made)
    return made.RESULT


for root in roots:
    for module in modules.split(","):
        path = os.path.join(root, name, "lib", module + ".py")
        try:
            with open(path, "rb") as file:
                compile(file.read(), path, "exec", dont_inherit=True)
        except SyntaxError:
            # A form that this version of Python does not have.
            sys.stdout.write(module + " no syntax\n" * 2)
            continue
        if how == "compile":
            for level in (0, 1, 2):
                mode = py_compile.PycInvalidationMode.CHECKED_HASH
                py_compile.compile(path, doraise=True, optimize=level, invalidation_mode=mode)
        for by in ("source", "bytecode"):
            shown = plain(result(path, module, by), root)
            sys.stdout.write(module + " " + shown.encode("unicode_escape").decode() + "\n")
