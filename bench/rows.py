# SPDX-License-Identifier: MIT
"""Rows: what every measurement of bench/ ends in.

A row is a dict, so that it goes into results.json as it is:

  group     the table it is printed in: "boot", "pages", "zero", "frag", ...
  case      what was done: "pair.o0.t1". Rows of one case share a line
  backend   who did it: "octavo", or the name of a peer
  unit      of the value: "ns", "insn", "%", "ms", "B"; "x" for a ratio
  value     the figure: the median where there are several runs
  wanted    what the value is to reach, at most; None: anything will do
  at_least  wanted is a lower bound instead
  ratio_to  of a row in "x": what it is a multiple of, a back-end of the same
            case ("limit+struct") or a case of the same back-end ("pair.o0.t1")
  raw       the single runs, in the order they were made
  min       the least of them
  ok        whether the value reaches what is wanted
"""
import statistics


def row(group, case, backend, unit, value, wanted=None, ratio_to=None,
        raw=(), at_least=False):
    ok = wanted is None or (value >= wanted if at_least else value <= wanted)
    return {"group": group, "case": case, "backend": backend, "unit": unit,
            "value": value, "wanted": wanted, "at_least": at_least,
            "ratio_to": ratio_to, "raw": list(raw) or [value],
            "min": min(raw, default=value), "ok": ok}


def median_row(group, case, backend, unit, raw, **more):
    """A row of several runs."""
    return row(group, case, backend, unit, statistics.median(raw), raw=raw,
               **more)


def ratio_row(group, case, backend, raw, raw_to, ratio_to, **more):
    """A ratio, taken run by run, since neighbours in time share their noise."""
    ratios = [a / b for a, b in zip(raw, raw_to, strict=True)]
    return median_row(group, case, backend, "x", ratios, ratio_to=ratio_to,
                      **more)


def missed(rows):
    return [r for r in rows if not r["ok"]]
