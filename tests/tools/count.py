#!/usr/bin/env python3
"""count.py JUNIT STATUS: the suite's last line, from meson's report.

Counts test points (a KTAP case is one), lists those that failed, and exits 1
when any did, or when meson itself said so.
"""
import sys
import xml.etree.ElementTree as ET


def main():
    path, status = sys.argv[1], int(sys.argv[2])
    passed = failed = skipped = 0
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError) as e:
        print(f"count: {path}: {e}")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            print(f"FAILED {case.get('classname', '')} {case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    if status and not failed:
        failed = 1
        print(f"FAILED meson test ended with status {status}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
