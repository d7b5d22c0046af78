#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that nobody here wrote, on liboctavo-malloc.so.

usage: real.py BUILD [--all] [CASE...]

Each runs with the library preloaded, does real work, and is checked by itself
or against what it does without: redis-server keeps data over benchmarks, a
background save and a restart; sqlite3 builds a database and checks it; python3
runs its own tests; git commits, packs, clones and checks; gcc compiles files of
this project to the same objects; xz, perl, lua give the same output; stress-ng
verifies. Without --all a short slice of each. Writes TAP; programs that are
not installed are skipped.
"""
import argparse
import contextlib
import hashlib
import os
import pathlib
import random
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
PYTHON_TESTS = ["test_list", "test_dict", "test_json", "test_set",
                "test_bytes", "test_string", "test_struct"]
PYTHON_ALL = PYTHON_TESTS + [
    "test_array", "test_bz2", "test_collections", "test_copy", "test_csv",
    "test_ctypes", "test_decimal", "test_deque", "test_fork1", "test_gc",
    "test_generators", "test_hashlib", "test_heapq", "test_io",
    "test_itertools", "test_lzma", "test_marshal", "test_memoryview",
    "test_mmap", "test_multiprocessing_fork", "test_ordered_dict",
    "test_pickle", "test_queue", "test_re", "test_sort", "test_sqlite3",
    "test_subprocess", "test_thread", "test_threading", "test_tuple",
    "test_unicode", "test_weakref", "test_xml_etree", "test_zlib"]


class Failed(Exception):
    """What went wrong, for a reader."""


class Skipped(Exception):
    """The program that is missing."""


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skipped(f"no {program}")


class Bench:
    """Runs programs with the library, in a directory of their own."""

    def __init__(self, library, everything, where):
        self.everything = everything
        self.where = pathlib.Path(where)
        self.library = library

    def environment(self, preload=True):
        env = dict(os.environ, HOME=str(self.where), LC_ALL="C",
                   GIT_AUTHOR_NAME="A", GIT_AUTHOR_EMAIL="a@b",
                   GIT_COMMITTER_NAME="A", GIT_COMMITTER_EMAIL="a@b",
                   GIT_CONFIG_NOSYSTEM="1")
        env.pop("LD_PRELOAD", None)
        if preload:
            env["LD_PRELOAD"] = self.library
        return env

    def run(self, command, preload=True, text=None, cwd=None, timeout=1500):
        """Its output; Failed unless it ends with 0 and says nothing of us."""
        done = subprocess.run(command, input=text, capture_output=True,
                              cwd=cwd or self.where, timeout=timeout,
                              env=self.environment(preload))
        said = done.stderr.decode(errors="replace")
        if done.returncode or "liboctavo-malloc" in said:
            raise Failed(f"{shlex.join(map(str, command))}: "
                         f"{done.returncode}\n{said[-2000:]}"
                         f"{done.stdout.decode(errors='replace')[-2000:]}")
        return done.stdout

    def same(self, command, text=None):
        """With the library and without: the same output."""
        with_it = self.run(command, True, text)
        if with_it != self.run(command, False, text):
            raise Failed(f"{command}: another output than without")
        return with_it


# ---- redis ------------------------------------------------------------


class Redis:
    """A server on a socket in @where, and a client of its protocol."""

    def __init__(self, bench, where):
        self.path = str(where / "redis.sock")
        self.log = open(where / "redis.log", "ab")
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path,
             "--dir", str(where), "--save", "", "--daemonize", "no",
             "--activedefrag", "no", "--io-threads", "3"],
            env=bench.environment(), stdout=self.log, stderr=self.log)
        for _ in range(600):
            if self.process.poll() is not None:
                raise Failed(f"redis-server ended: {self.process.returncode}")
            with contextlib.suppress(OSError):
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.settimeout(120)
                self.socket.connect(self.path)
                break
            time.sleep(0.05)
        else:
            raise Failed("redis-server does not answer")
        self.file = self.socket.makefile("rb")
        while b"loading:1" in self.ask("INFO", "persistence"):
            time.sleep(0.05)

    def ask(self, *words):
        words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(
            b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
        return self.answer()

    def answer(self):
        line = self.file.readline().rstrip(b"\r\n")
        if line[:1] == b"$":
            n = int(line[1:])
            return None if n < 0 else self.file.read(n + 2)[:-2]
        if line[:1] == b"*":
            return [self.answer() for _ in range(int(line[1:]))]
        if line[:1] == b"-" or not line:
            raise Failed(f"redis says {line}")
        return line[1:]

    def stop(self):
        with contextlib.suppress(OSError, Failed):
            self.socket.sendall(b"SHUTDOWN NOSAVE\r\n")
        code = self.process.wait(60)
        self.log.close()
        if code:
            raise Failed(f"redis-server ended with {code}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def value_of(key):
    r = random.Random(key)
    return r.randbytes(r.choice([3, 20, 100, 700, 5000, 40000]))


def redis_verify(redis, keys):
    for key in keys:
        if redis.ask("GET", f"key:{key}") != value_of(key):
            raise Failed(f"redis: key:{key} has another value")
    if redis.ask("LLEN", "list") != b"%d" % len(keys):
        raise Failed("redis: the list has another length")


def redis_work(redis, bench, keys):
    for key in keys:
        redis.ask("SET", f"key:{key}", value_of(key))
        redis.ask("RPUSH", "list", value_of(key)[:50])
        redis.ask("HSET", f"hash:{key % 50}", key, value_of(key)[:30])
    n = 200000 if bench.everything else 4000
    bench.run(["redis-benchmark", "-s", redis.path, "-q", "-n", str(n), "-r",
               "10000", "-d", "200", "-P", "8", "-t",
               "set,get,incr,sadd,hset,spop,zadd,mset"])
    redis_verify(redis, keys)
    redis.ask("BGSAVE")
    for _ in range(1200):
        if b"rdb_bgsave_in_progress:0" in redis.ask("INFO", "persistence"):
            break
        time.sleep(0.05)
    if b"rdb_last_bgsave_status:ok" not in redis.ask("INFO", "persistence"):
        raise Failed("redis: the background save failed")


def case_redis(bench):
    need("redis-server", "redis-benchmark")
    keys = range(20000 if bench.everything else 600)
    redis = Redis(bench, bench.where)
    try:
        redis_work(redis, bench, keys)
        redis.stop()
        redis = Redis(bench, bench.where)
        redis_verify(redis, keys)
        redis.ask("FLUSHALL")
        redis.stop()
    finally:
        redis.kill()


# ---- the others -------------------------------------------------------


def case_sqlite(bench):
    need("sqlite3")
    rows = 400000 if bench.everything else 15000
    script = f"""
create table t(a integer primary key, b text, c blob, d real);
with recursive n(x) as (select 1 union all select x + 1 from n limit {rows})
insert into t select x, 'row ' || (x * 7919 % 100003),
 zeroblob(x % 300), x / 7.0 from n;
create index tb on t(b); create index td on t(d, a);
delete from t where a % 3 = 0;
update t set b = b || b, c = zeroblob(500) where a % 5 = 0;
create virtual table f using fts5(b);
insert into f select b from t where a % 7 = 0;
vacuum; analyze;
pragma integrity_check;
select count(*), sum(length(b)), sum(length(c)), round(sum(d), 3) from t;
select b, count(*) c from t group by b order by c desc, b limit 20;
select count(*) from t x join t y on x.b = y.b;
select count(*) from f where f match 'row';
""".encode()
    out = bench.run(["sqlite3", bench.where / "a.db"], True, script)
    if out != bench.run(["sqlite3", bench.where / "b.db"], False, script):
        raise Failed("sqlite3: another output than without")
    if not out.startswith(b"ok\n"):
        raise Failed(f"sqlite3: integrity_check says {out[:200]}")


def case_python(bench):
    need(PYTHON)
    found = subprocess.run([PYTHON, "-c", "import test.test_list"],
                           capture_output=True, check=False)
    if found.returncode:
        raise Skipped("no tests of python3 (libpython3.11-testsuite)")
    # Which of them there are differs from package to package.
    tests = [t for t in (PYTHON_ALL if bench.everything else PYTHON_TESTS)
             if subprocess.run([PYTHON, "-c", f"import test.{t}"],
                               capture_output=True,
                               check=False).returncode == 0]
    # Its own small objects, then every object by malloc().
    for variable in ["A=b", "PYTHONMALLOC=malloc"][:1 + bench.everything]:
        out = bench.run(["env", variable, PYTHON, "-m", "test", "-j2",
                         "--timeout=900"] + tests, timeout=3000)
        if b"Tests result: SUCCESS" not in out:
            raise Failed(out.decode(errors="replace")[-2000:])
    bench.same(["env", "PYTHONMALLOC=malloc", PYTHON, "-c",
                "import json; x = [{str(i): [i] * (i % 50)} "
                "for i in range(20000)]; print(len(json.dumps(x)))"])


def case_git(bench):
    need("git")
    repo = bench.where / "repo"
    shutil.copytree(ROOT / "mm", repo / "mm")
    git = ["git", "-c", "gc.auto=0", "-c", "protocol.file.allow=always"]
    bench.run(git + ["init", "-q", repo])
    for i in range(30 if bench.everything else 4):
        for f in sorted(repo.glob("mm/*/*.c"))[i::9]:
            f.write_text(f.read_text() + f"/* {i} */\n")
        bench.run(git + ["add", "-A"], cwd=repo)
        bench.run(git + ["commit", "-qm", f"change {i}"], cwd=repo)
    bench.run(git + ["repack", "-adfq", "--threads=3"], cwd=repo)
    bench.run(git + ["clone", "-q", "--no-local", repo, bench.where / "copy"])
    bench.run(git + ["fsck", "--full", "--strict"], cwd=bench.where / "copy")
    tree = bench.run(git + ["rev-parse", "HEAD^{tree}"], cwd=repo)
    if tree != bench.run(git + ["rev-parse", "HEAD^{tree}"], False,
                         cwd=bench.where / "copy"):
        raise Failed("git: the clone has another tree")


def case_gcc(bench):
    need("gcc")
    sources = sorted(ROOT.glob("bench/*.c"))
    plain = [s for s in sources if "#include <octavo/octavo.h>" in
             s.read_text() or s.name == "harness.c"] or sources
    # Files that see libc alone or our public headers.
    tried = 0
    for source in plain + sorted(ROOT.glob("tools/*.c")):
        command = ["gcc", "-O2", "-g", "-D_GNU_SOURCE",
                   '-DOCTAVO_TOOL_VERSION="0"', "-idirafter",
                   str(ROOT / "include"), "-c", str(source), "-o"]
        objects = []
        for preload in (False, True):
            out = bench.where / "gcc.o"
            try:
                bench.run(command + [out], preload)
            except Failed:
                if preload:
                    raise
                break
            objects.append(hashlib.sha256(out.read_bytes()).digest())
        tried += len(objects) == 2
        if len(objects) == 2 and objects[0] != objects[1]:
            raise Failed(f"gcc: {source} becomes another object")
        if tried == (12 if bench.everything else 3):
            return
    if not tried:
        raise Failed("gcc: no file of the project compiled")


def case_tools(bench):
    need("xz", "perl")
    text = b"".join(f.read_bytes() for f in sorted(ROOT.glob("mm/*/*.c")))
    text *= 10 if bench.everything else 1
    packed = bench.same(["xz", "-c", "-6", "-T1"], text)
    if bench.same(["xz", "-dc"], packed) != text:
        raise Failed("xz: another text than before")
    bench.same(["perl", "-e", """
my %h; while (<STDIN>) { $h{$_}++ for split /\\W+/ }
print map { "$_ $h{$_}\\n" } sort { $h{$b} <=> $h{$a} || $a cmp $b } keys %h;
"""], text)
    if shutil.which("lua5.4"):
        bench.same(["lua5.4", "-e", """
local t = {} for l in io.lines() do t[#t + 1] = l:rep(3):reverse() end
table.sort(t) print(#t, #table.concat(t)) """], text)


def case_stress(bench):
    need("stress-ng")
    ops = "200000" if bench.everything else "6000"
    bench.run(["stress-ng", "--malloc", "2", "--malloc-ops", ops,
               "--malloc-bytes", "64M", "--verify", "--malloc-pthreads", "3",
               "--temp-path", bench.where, "-q"])


CASES = {"redis": case_redis, "sqlite": case_sqlite, "python": case_python,
         "git": case_git, "gcc": case_gcc, "tools": case_tools,
         "stress": case_stress}


def run_case(name, library, everything):
    with tempfile.TemporaryDirectory(prefix="octavo-malloc-") as where:
        try:
            CASES[name](Bench(library, everything, where))
        except Skipped as skip:
            return "skip", str(skip)
        except Failed as failed:
            return "fail", str(failed)
        except subprocess.TimeoutExpired as late:
            return "fail", f"{late.cmd}: not done in {late.timeout} s"
    return "pass", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    args = parser.parse_intermixed_args()
    library = str(pathlib.Path(args.build).resolve() / "liboctavo-malloc.so")
    names = args.cases or list(CASES)
    print(f"1..{len(names)}")
    bad = 0
    for i, name in enumerate(names, 1):
        start = time.monotonic()
        how, why = run_case(name, library, args.all)
        bad += how == "fail"
        print(f"{'not ok' if how == 'fail' else 'ok'} {i} - real.{name}"
              f"{' # SKIP ' + why if how == 'skip' else ''}", flush=True)
        for line in why.splitlines() if how == "fail" else []:
            print(f"# {line}")
        print(f"# {name}: {time.monotonic() - start:.1f} s", flush=True)
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
