"""Runs one command and prints its cost as JSON: wall seconds, CPU seconds and the peak memory of its whole process tree.

usage: measure.py COMMAND [ARGUMENT...]

It discards the command's standard output and passes its standard error on. CPU is the sum over every process of the tree. This process
adopts and reaps processes whose parents ended before them (Linux). Memory is in bytes, and the larger of two readings: the highest
resident set of any one process, which the kernel records exactly, and the highest sum over the tree, sampled every 20 ms. The sum sees
processes that run side by side, and counts shared pages once for each.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time

SAMPLE_SECONDS = 0.02
PAGE_BYTES = resource.getpagesize()
PR_SET_CHILD_SUBREAPER = 36


def resident_bytes(pid: int) -> int:
    """Returns the sum over the process and its descendants; a process that has ended meanwhile counts 0."""
    try:
        with open(f"/proc/{pid}/statm") as statm:
            total = int(statm.read().split()[1]) * PAGE_BYTES
        threads = os.listdir(f"/proc/{pid}/task")
    except (OSError, IndexError):
        return 0
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/children") as children:
                total += sum(resident_bytes(int(child)) for child in children.read().split())
        except OSError:
            continue
    return total


def adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def main() -> None:
    adopt_orphans()
    peak = 0
    done = threading.Event()

    def sample(pid: int) -> None:
        nonlocal peak
        while not done.is_set():
            peak = max(peak, resident_bytes(pid))
            done.wait(SAMPLE_SECONDS)

    started = time.monotonic()
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    threading.Thread(target=sample, args=(child.pid,), daemon=True).start()
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child.pid:
            break
    wall = time.monotonic() - started
    done.set()
    child.returncode = os.waitstatus_to_exitcode(status)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    # ru_maxrss is in kilobytes on Linux and in bytes on macOS.
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    result = {
        "exitCode": child.returncode,
        "wallSeconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": max(peak, largest),
    }
    print(json.dumps(result))


main()
