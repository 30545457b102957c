"""Runs one command and prints, as JSON, what it cost: wall seconds, CPU seconds and the peak memory of its whole process tree.

usage: measure.py COMMAND [ARGUMENT...]

Its standard output is thrown away and its standard error passed on. CPU is that of every process of the tree, also of those whose
parents went before them: this process adopts and reaps them (Linux). Memory is the larger of two readings, in bytes: the highest
resident set of any one process as the kernel recorded it, which is exact, and the highest sum over the tree as seen every 20 ms,
which sees processes that run side by side (shared pages count once for each).
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
    """Of the process and everything below it; what has gone meanwhile counts as nothing."""
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
    # Kilobytes on Linux, bytes on macOS.
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    result = {
        "exitCode": child.returncode,
        "wallSeconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": max(peak, largest),
    }
    print(json.dumps(result))


main()
