# SPDX-License-Identifier: MIT
"""Rows as a table: a line for each case, a column for each back-end.

The first columns of figures are ours, median and least, then come the ratio
with what it is a multiple of and what is wanted, then the peers' medians. A case with several targets
has a line for each.
"""
import collections

OURS = "octavo"


def figure(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if abs(value) < 10 else \
        f"{value:.1f}" if abs(value) < 1000 else f"{value:.0f}"


def wanted(r):
    if r["wanted"] is None:
        return ""
    return f"{'>=' if r['at_least'] else '<='} {figure(r['wanted'])}"


def verdict(r):
    if r["wanted"] is None:
        return ""
    return "pass" if r["ok"] else "MISS"


def pivot(rows):
    """case -> ({backend: row of the figure}, [rows with targets or ratios])"""
    cases = collections.OrderedDict()
    for r in rows:
        figures, targets = cases.setdefault(r["case"], ({}, []))
        if r["unit"] == "x" and r["ratio_to"]:
            targets.append(r)
        else:
            figures[r["backend"]] = r
            if r["wanted"] is not None:
                targets.append(r)
    return cases


def lines(rows):
    """The cells of a group, head first."""
    backends = [b for b in dict.fromkeys(r["backend"] for r in rows)
                if b != OURS]
    yield ["case", "unit", OURS, "least", "ratio", "to", "wanted", "",
           *backends]
    for case, (figures, targets) in pivot(rows).items():
        unit = next((r["unit"] for r in figures.values()), "x")
        ours = figures.get(OURS)
        head = [case, unit, figure(ours["value"]), figure(ours["min"])] \
            if ours else [case, unit, "-", "-"]
        peers = [figure(figures[b]["value"]) if b in figures else "-"
                 for b in backends]
        for r in targets or [None]:
            ratio = [figure(r["value"]), r["ratio_to"]] \
                if r and r["ratio_to"] else ["", ""]
            yield [*head, *ratio, *([wanted(r), verdict(r)] if r
                                    else ["", ""]), *peers]
            head, peers = [""] * len(head), [""] * len(backends)


def show(rows, write=print):
    """Prints every group of @rows."""
    groups = collections.OrderedDict()
    for r in rows:
        groups.setdefault(r["group"], []).append(r)
    for group, members in groups.items():
        cells = list(lines(members))
        width = [max(len(line[i]) for line in cells)
                 for i in range(len(cells[0]))]
        text = {0, 1, 5, 7}     # columns that are not figures
        write(f"\n{group}")
        for line in cells:
            write("  ".join(
                c.ljust(w) if i in text else c.rjust(w)
                for i, (c, w) in enumerate(zip(line, width))).rstrip())
