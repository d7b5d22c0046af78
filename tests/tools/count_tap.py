#!/usr/bin/env python3
"""count_tap.py NAME < TAP: passes TAP on, and counts it in one line.

A name that no case has is a failure: a mistyped name must not look green.
"""
import re
import sys


def main():
    passed = failed = skipped = 0
    for line in sys.stdin:
        if re.match(r"(not )?ok .*# SKIP", line):
            skipped += 1
        elif line.startswith("ok "):
            passed += 1
        elif line.startswith("not ok "):
            failed += 1
        sys.stdout.write(line)
    if not passed + failed + skipped:
        print(f"no test and no unit test case has '{sys.argv[1]}' in its name")
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
