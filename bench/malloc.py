# SPDX-License-Identifier: MIT
"""malloc() for any program: liboctavo-malloc.so beside Debian's.

Loops (malloc_bench.c): CPU time of a pair of malloc() and free(), all threads
together. `limit` is an array of pointers for each thread and size class.
Memory: what a heap of 100,000 mixed blocks takes after a million replacements,
over the bytes that are live; and what is left a second after all is freed.

Programs: CPU time and peak memory of real ones, over those of the best peer
of each, as geometric means. Each library is preloaded in turn, in each round,
so that noise meets all alike. The peers are those of Debian that are installed.
"""
import math
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import hosted
import rows

GROUP = "malloc"
PROGRAMS_GROUP = "malloc, programs"
LIMIT = "limit"
BEST = hosted.BEST
ROOT = pathlib.Path(__file__).resolve().parents[1]
# the start of a case's name: what it is a multiple of, at most
TARGETS = [
    ("malloc-pair.", [(LIMIT, 1.3), (BEST, 1)]),
    ("malloc-batch.", [(BEST, 1.1)]),
    ("malloc-mixed.", [(BEST, 1)]),
    ("malloc-remote.", [("mimalloc", 0.5)]),
]
GROWTH_TARGET = 1.12
LEFT_TARGET = 25
TIME_TARGET = 1.0
PEAK_TARGET = 1.1
MEMORY_CASES = ["malloc-growth", "malloc-left"]
PROGRAMS_CASE = "malloc-programs"

PYTHON = """
import json, re
rows = [{"id": i, "name": "n%d" % (i % 977), "tags": ["t%d" % (i % k)
         for k in range(3, 9)]} for i in range(30000)]
text = json.dumps(rows)
back = json.loads(text)
words = {}
for word in re.findall(r"[a-z]+[0-9]*", text):
    words[word] = words.get(word, 0) + 1
print(len(back), len(words), sum(sorted(words.values())))
"""
SQL = """
create table t(a integer primary key, b text, c real);
with recursive n(x) as (select 1 union all select x + 1 from n limit 150000)
insert into t select x, 'row ' || (x * 7919 % 100003), x / 7.0 from n;
create index tb on t(b);
select count(*), sum(length(b)) from t group by substr(b, 1, 6) limit 3;
select b, group_concat(a) from t group by b order by 1 limit 3;
select count(*) from t x join t y on x.b = y.b;
"""
PERL = """
my %h; my @l;
for my $i (1 .. 250000) { my $k = "key" . ($i * 7919 % 50021);
  push @{$h{$k}}, "value $i"; $l[$i % 1000] = join ",", @{$h{$k}}; }
print scalar(keys %h), " ", length(join "", @l), "\\n";
"""
LUA = """
local t, n = {}, 0
for i = 1, 400000 do local s = "k" .. (i * 7919 % 30011)
  t[s] = {s, (t[s] or {n}) [1] .. "x", i}; n = n + #t[s][2] end
print(n)
"""


# ---- libraries --------------------------------------------------------


def libraries(build):
    """name -> what to preload, ours first; "" for glibc's own."""
    found = {"octavo": str(pathlib.Path(build).resolve() /
                           "liboctavo-malloc.so"), "glibc": ""}
    for name, file in hosted.LIBRARIES.items():
        path = hosted.library(file)
        if path:
            found[name] = path
        else:
            print(f"bench: {name} is left out, no {file}")
    return found


def environment(preload, **more):
    env = dict(os.environ, LC_ALL="C", **more)
    env.pop("LD_PRELOAD", None)
    if preload:
        env["LD_PRELOAD"] = preload
    return env


# ---- loops and memory -------------------------------------------------


class Loop:
    """A process that takes a sample of one case on request."""

    def __init__(self, build, case, name, preload):
        self.case, self.name, self.raw = case, name, []
        self.proc = subprocess.Popen(
            [f"{build}/bench/malloc_bench", case,
             LIMIT if name == LIMIT else "malloc"], text=True,
            env=environment(preload), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)

    def sample(self):
        self.proc.stdin.write("1\n")
        self.proc.stdin.flush()
        line = self.proc.stdout.readline()
        if not line:
            sys.exit(f"bench: {self.name} died in {self.case}")
        return float(line)

    def end(self):
        self.proc.stdin.close()
        self.proc.stdout.close()
        if self.proc.wait():
            sys.exit(f"bench: {self.name} ended badly in {self.case}")


def loop_cases(build):
    done = subprocess.run([f"{build}/bench/malloc_bench", "list"], text=True,
                          capture_output=True, check=True)
    return done.stdout.split()


def run_loop(build, case, args):
    """Rounds over all libraries; the first sample of each warms up."""
    loops = [Loop(build, case, name, preload) for name, preload in
             {**libraries(build), LIMIT: ""}.items()]
    for loop in loops:
        loop.sample()
    start = time.monotonic()
    for done in range(args.rounds):
        if done >= hosted.MIN_ROUNDS and \
                time.monotonic() - start > args.seconds:
            break
        for loop in loops:
            loop.raw.append(loop.sample())
    for loop in loops:
        loop.end()
    return ratio_rows(case, {loop.name: loop.raw for loop in loops})


def ratio_rows(case, raw):
    found = [rows.median_row(GROUP, case, name, "ns", values)
             for name, values in raw.items()]
    peers = [n for n in raw if n not in ("octavo", LIMIT)]
    best = min(peers, key=lambda n: statistics.median(raw[n]))
    for start, targets in TARGETS:
        for to, most in targets if case.startswith(start) else []:
            to = best if to == BEST else to
            if to in raw:
                found.append(rows.ratio_row(GROUP, case, "octavo",
                                            raw["octavo"], raw[to], to,
                                            wanted=most))
    return found


def run_memory(build, case, args):
    what, unit, wanted = {
        "malloc-growth": ("growth", "x", GROWTH_TARGET),
        "malloc-left": ("left", "%", LEFT_TARGET)}[case]
    found = []
    for name, preload in libraries(build).items():
        raw = [float(subprocess.run([f"{build}/bench/malloc_bench", what],
                                    env=environment(preload), text=True,
                                    capture_output=True, check=True).stdout)
               for _ in range(args.seeds)]
        found.append(rows.median_row(GROUP, case, name, unit, raw,
                                     wanted=wanted if name == "octavo"
                                     else None))
    return found


# ---- programs ---------------------------------------------------------


def measure(command, env, text=None, cwd=None):
    """CPU seconds of a program and those that it waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    proc = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.PIPE,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)
    _, said = proc.communicate(text)
    if proc.returncode:
        sys.exit(f"bench: {command[0]} ended with {proc.returncode}: "
                 f"{said.decode(errors='replace')[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_of(command, env, text=None, cwd=None):
    """Peak KiB of the largest process among them: of a child of our own, as
    the system keeps the maximum over all that were ever waited for."""
    code = ("import os, resource, subprocess, sys\n"
            "preload = os.environ.pop('PRELOAD')\n"
            "if preload: os.environ['LD_PRELOAD'] = preload\n"
            "subprocess.run(sys.argv[1:], check=True, stdin=sys.stdin,"
            " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
    mine = dict(env, PRELOAD=env.get("LD_PRELOAD", ""))
    mine.pop("LD_PRELOAD", None)
    done = subprocess.run([sys.executable, "-c", code, *command], env=mine,
                          input=text, cwd=cwd, capture_output=True, check=True)
    return float(done.stdout)


def source_files():
    return sorted(ROOT.glob("mm/*/*.c"))


def git_repository(where):
    repo = where / "repo"
    env = environment("", HOME=str(where), GIT_AUTHOR_NAME="A",
                      GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="A",
                      GIT_COMMITTER_EMAIL="a@b")
    shutil.copytree(ROOT / "mm", repo / "mm")
    subprocess.run(["git", "init", "-q", repo], env=env, check=True)
    for i in range(6):
        for f in source_files()[i::7]:
            copy = repo / f.relative_to(ROOT)
            copy.write_text(copy.read_text() + f"/* {i} */\n")
        subprocess.run(["git", "add", "-A"], cwd=repo, env=env, check=True)
        subprocess.run(["git", "commit", "-qm", f"{i}"], cwd=repo, env=env,
                       check=True)
    return repo


def programs(build, where):
    """name -> (command, input); those that are installed."""
    text = b"".join(f.read_bytes() for f in source_files())
    found = {}

    def add(name, command, data=None):
        if shutil.which(command[0]) or os.path.exists(command[0]):
            found[name] = ([str(c) for c in command], data)
        else:
            print(f"bench: {name} is left out, no {command[0]}")

    add("python3", ["/usr/bin/python3", "-c", PYTHON])
    add("python3-malloc", ["env", "PYTHONMALLOC=malloc", "/usr/bin/python3",
                           "-c", PYTHON])
    add("sqlite3", ["sqlite3", ":memory:"], SQL.encode())
    add("perl", ["perl", "-e", PERL])
    add("lua", ["lua5.4", "-e", LUA])
    add("gcc", ["gcc", "-O2", "-g", "-D_GNU_SOURCE", "-c", "-o",
                where / "o.o", ROOT / "bench" / "malloc_bench.c"])
    add("xz", ["xz", "-c", "-6", "-T1"], text)
    if shutil.which("git"):
        repo = git_repository(where)
        add("git-repack", ["git", "-C", repo, "-c", "pack.threads=1",
                           "repack", "-adfq"])
        add("git-log", ["git", "-C", repo, "log", "-p", "--stat"])
    add("c++-map", [f"{build}/bench/malloc_map"])
    if shutil.which("redis-server"):
        found["redis"] = (redis_command(where), None)
    return found


def redis_command(where):
    """The server loads what a script says, and ends."""
    script = where / "redis.lua"
    script.write_text("for i = 1, 120000 do redis.call('SET', 'k' .. i * 7919 % 40009, "
                      "string.rep('v', i % 300)) redis.call('RPUSH', 'l' .. "
                      "i % 100, i) redis.call('HSET', 'h' .. i % 300, i, i) end "
                      "return redis.call('DBSIZE')")
    socket = where / "s"
    return ["sh", "-c",
            f"redis-server --port 0 --unixsocket {socket} --save '' "
            f"--dir {where} --loglevel warning & p=$!; unset LD_PRELOAD; "
            f"until redis-cli -s {socket} ping >/dev/null 2>&1; do sleep 0.05;"
            f" done; redis-cli -s {socket} --eval {script} && "
            f"redis-cli -s {socket} flushall && "
            f"redis-cli -s {socket} shutdown nosave; wait $p"]


def run_programs(build, args):
    libs = libraries(build)
    found, times, peaks = [], {}, {}
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as where:
        listed = programs(build, pathlib.Path(where))
        for program, (command, data) in listed.items():
            seconds = {name: [] for name in libs}
            for _ in range(args.runs):
                for name, preload in libs.items():
                    seconds[name].append(measure(
                        command, environment(preload, HOME=where), data))
            for name, preload in libs.items():
                times[program, name] = min(seconds[name])
                peaks[program, name] = peak_of(
                    command, environment(preload, HOME=where), data)
                found.append(rows.row(PROGRAMS_GROUP, f"{program}.ms", name,
                                      "ms", 1e3 * times[program, name],
                                      raw=[1e3 * s for s in seconds[name]]))
                found.append(rows.row(PROGRAMS_GROUP, f"{program}.peak", name,
                                      "KiB", peaks[program, name]))
    return found + means(list(listed), list(libs), times, peaks)


def means(names, libs, times, peaks):
    """Geometric means over the programs, to glibc; and ours to the best."""
    found = []
    for case, figures, wanted in [("malloc-programs.time", times, TIME_TARGET),
                                  ("malloc-programs.peak", peaks,
                                   PEAK_TARGET)]:
        mean = {lib: math.exp(statistics.fmean(
            math.log(figures[n, lib] / figures[n, "glibc"]) for n in names))
            for lib in libs}
        found += [rows.row(PROGRAMS_GROUP, case, lib, "x", value)
                  for lib, value in mean.items()]
        best = min((lib for lib in libs if lib != "octavo"), key=mean.get)
        found.append(rows.row(PROGRAMS_GROUP, case, "octavo", "x",
                              mean["octavo"] / mean[best], wanted=wanted,
                              ratio_to=best))
    return found


# ---- the module -------------------------------------------------------


def names(build):
    return [*loop_cases(build), *MEMORY_CASES, PROGRAMS_CASE]


def run(build, args):
    found = []
    for case in filter(args.selected, loop_cases(build)):
        found += run_loop(build, case, args)
    for case in filter(args.selected, MEMORY_CASES):
        found += run_memory(build, case, args)
    if args.selected(PROGRAMS_CASE):
        found += run_programs(build, args)
    return found
