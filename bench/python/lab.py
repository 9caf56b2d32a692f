"""Runs the program given as an argument so many times and prints the milliseconds of each."""

import contextlib
import io
import sys
import time

program, repeats = sys.argv[1], int(sys.argv[2])
code = compile(program, 'program', 'exec')
times = []
for _ in range(repeats + 1):
    with contextlib.redirect_stdout(io.StringIO()):
        begin = time.perf_counter()
        exec(code, {})
        times.append((time.perf_counter() - begin) * 1000)
for milliseconds in times[1:]:
    print(milliseconds)
