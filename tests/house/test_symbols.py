#!/usr/bin/env python3
"""No two layers define a global symbol of the same name. The linker takes one of them without a word, and whoever meant the other
calls something else. TAP."""
import collections
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILD, finish, ok

TOOLS = {"libtoolbase.a", "libtmpl.a"}  # parts of the build's own programs
owners = collections.defaultdict(set)
libraries = sorted(x for x in os.listdir(BUILD) if x.endswith(".a") and x not in TOOLS)
for library in libraries:
    listed = subprocess.run(["nm", "-g", "--defined-only", os.path.join(BUILD, library)], capture_output=True, text=True).stdout
    for line in listed.splitlines():
        words = line.split()
        if len(words) == 3 and words[1].isupper():
            owners[words[2]].add(library)
twice = {name: sorted(where) for name, where in owners.items() if len(where) > 1}
ok(len(libraries) >= 8 and len(owners) > 500, "libraries of the layers were read", "%s: %d symbols" % (libraries, len(owners)))
ok(not twice, "each global symbol has one definition", "\n".join("%s: %s" % x for x in twice.items()))
finish()
