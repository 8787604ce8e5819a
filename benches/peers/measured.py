"""Runs a command and tells what it took, as JSON: measured.py COMMAND...

A small process of its own, since the peak memory of a program is at least that of the one that starts it."""

import json
import os
import subprocess
import sys
import time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = time.perf_counter() - started
print(json.dumps([wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3]))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
