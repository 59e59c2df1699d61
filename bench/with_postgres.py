#!/usr/bin/env python3
"""Runs a program with a PostgreSQL cluster of its own (GANGMU_TEST_PG), as tests/run does."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests"))
from postgres import Cluster  # noqa: E402

cluster = Cluster("shared_buffers=512MB")
with cluster as url:
    if not url:
        print(cluster.why)
    sys.exit(subprocess.run(sys.argv[1:], env=dict(os.environ, GANGMU_TEST_PG=url or "")).returncode)
