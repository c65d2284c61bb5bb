"""Compiles a small module as it would lie in a store, and prints the bytecode in base64: captured.ts holds what versions made of it.

usage: capture-words.py SOURCE
"""

import base64
import importlib.util
import marshal
import sys
from importlib._bootstrap_external import _code_to_hash_pyc

with open(sys.argv[1], "rb") as file:
    source = file.read()
path = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-own/lib/words.py"
code = compile(source, path, "exec", dont_inherit=True, optimize=0)
print(base64.b64encode(bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source)))).decode())
