"""Runs a command and ends it, with all it started, as soon as standard input closes.

    python keeper.py [--limit SECONDS] [--scratch] COMMAND [ARGUMENT...]

A test holds the other end of standard input. However the test ends (return, panic, kill -9), the
system closes that end, so nothing a test started outlives it. Exits with the command's own status.

--limit    ends the command after so many seconds (exit status 124, as on a closed input)
--scratch  makes a directory for the run, removed afterwards: the working directory and the TMPDIR
"""

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

GRACE = 3
LATE = 124


def options(arguments):
    limit, scratch = None, False
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--limit":
            limit = float(arguments.pop(0))
        elif option == "--scratch":
            scratch = True
        else:
            sys.exit(f"keeper: unknown option {option}")
    if not arguments:
        sys.exit("keeper: no command")
    return limit, scratch, arguments


def end_group(child):
    """The command's whole group gets SIGTERM, then a moment, and then SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(GRACE)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
    child.wait()


def main():
    limit, scratch, command = options(sys.argv[1:])
    # The only queue that a signal handler may write to while the main thread reads it.
    events = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: events.put("signal"))

    directory = tempfile.mkdtemp(prefix="bluegate-") if scratch else None
    try:
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                cwd=directory,
                env={**os.environ, "TMPDIR": directory} if directory else None,
                process_group=0,
            )
        except OSError as error:
            print(f"keeper: {command[0]}: {error.strerror}", file=sys.stderr)
            return 127

        def watch_lifeline():
            while os.read(0, 4096):
                pass
            events.put("closed")

        def watch_child():
            child.wait()
            events.put("exited")

        for watcher in (watch_lifeline, watch_child):
            threading.Thread(target=watcher, daemon=True).start()
        try:
            event = events.get(timeout=limit)
        except queue.Empty:
            print(f"keeper: ended after {limit:g} seconds", file=sys.stderr, flush=True)
            event = "late"
        end_group(child)
    finally:
        if directory:
            shutil.rmtree(directory, ignore_errors=True)
    if event == "exited":
        code = child.returncode
        return code if code >= 0 else 128 - code
    return LATE


if __name__ == "__main__":
    sys.exit(main())
