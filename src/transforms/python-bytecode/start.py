"""What rewritten bytecode begins with; capture.py compiles it for each version of Python.

The module's own code is a constant of the code that is made from this. `exec(begin(...))` puts the store directory
into its constants and runs it in the module's namespace.
"""


def begin(made, code, changes, up, alias, named):
    """Hands on to `prepare`, which is read from `made`, its marshalled code, once for each process."""
    import _imp
    import sys

    known = vars(_imp).setdefault("_unmoor", {})
    prepare = known.get(made)
    if prepare is None:
        # Modules that are always there; `types` would be read from the disk.
        import builtins
        import marshal

        space = {"__builtins__": builtins, "directories": {}}
        prepare = known[made] = type(lambda: None)(marshal.loads(made), space)
    return prepare(sys._getframe(1), code, changes, up, alias, named)


def prepare(outer, code, changes, up, alias, named):
    """Gives the module's code with the store directory in its constants.

    outer: the frame that runs the module
    changes: what to change in `code`, see `change`
    up: components of the module's path below the store directory
    alias: stands for the store directory where the code comes from no file
    named: whether the path by which the code names its source, unless importlib has replaced it, begins in the store
    """
    import _imp
    import os

    module = outer.f_globals
    name = outer.f_code.co_filename
    file = module.get("__file__")
    store = alias
    if file:
        # Modules of one directory need not look at all that is above it.
        directory, slash, last = file.rpartition("/")
        if file[0] == "/" and not os.path.islink(file):
            real = directories.get(directory)
            if real is None:
                real = directories[directory] = os.path.realpath(directory)
            parts = real.split("/") + [last]
        else:
            parts = os.path.realpath(file).split("/")
        if parts[-2:-1] == ["__pycache__"]:
            parts.pop()
        store = "/".join(parts[:-up])
    module["_unmoor_store"] = store
    joints = {"": store}

    def joint(kind):
        """The store directory as the reader of a constant needs it."""
        text = store
        if "%" in kind:
            text = text.replace("%", "%%")
        elif "{" in kind:
            text = text.replace("{", "{{").replace("}", "}}")
        elif "r" in kind:
            import re

            text = re.escape(text)
        return os.fsencode(text) if "b" in kind else text

    def change(value, changes):
        """A constant as it is meant. A str: `value` holds the pieces between which the store directory stands."""
        if isinstance(changes, str):
            if changes not in joints:
                joints[changes] = joint(changes)
            return joints[changes].join(value)
        kind, plain, others = changes
        items = list(value.co_consts if kind == "code" else value)
        for at in plain:
            items[at] = store.join(items[at])
        for at, inner in others:
            items[at] = change(items[at], inner)
        if kind == "code":
            return value.replace(co_consts=tuple(items))
        return tuple(items) if kind == "tuple" else frozenset(items)

    # The frame that runs the module is no frame of the module: tracebacks and warnings leave out importlib's own.
    _imp._fix_co_filename(outer.f_code, "<frozen importlib._bootstrap>")
    code = change(code, changes)
    if named and not name.startswith("/"):
        name = store + "/" + name
    _imp._fix_co_filename(code, name)
    return code
