# SPDX-License-Identifier: MIT
"""Kernel-style C files into one object that can be linked with the core.

A directory holds modules.  With a Makefile or Kbuild that has lines such as
`obj-m += a.o b.o`, it says which, and which files each is made of (`a-y`,
`a-objs`) and its ccflags-y; else each .c file is a module of its own.

Each module's objects are linked into one, with a stub that names it, and
what it does not export becomes its own; so modules may use the same names as
each other and as the core.  All are then linked into one object, those first
that others need symbols of.
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess

# What a Linux kernel is built with too: these are never what was meant.
ERRORS = ["implicit-function-declaration", "implicit-int", "int-conversion",
          "incompatible-pointer-types", "return-type", "strict-prototypes"]
QUIET = ["unused-parameter", "sign-compare", "missing-field-initializers",
         "format-zero-length", "address-of-packed-member", "main",
         "unused-but-set-variable", "pointer-sign", "format-truncation",
         "stringop-truncation"]
ASSIGN = re.compile(r"^\s*([\w$()-]+)\s*(\+=|:=|\?=|=)\s*(.*)$")
NO_HEADER = re.compile(r"^(\S+?):(\d+):\d+: fatal error: (\S+): "
                       r"No such file or directory", re.M)


class BuildError(Exception):
    """What is wrong with the directory, as lines for its owner."""


class Module:
    """A name, and the sources that make it."""

    def __init__(self, name, sources, flags=()):
        self.name = re.sub(r"\W", "_", name)
        self.sources = sources
        self.flags = list(flags)
        self.object = None


def makefile_variables(path):
    """The assignments of a Makefile, conditions and all else ignored."""
    variables = {}
    text = path.read_text(errors="replace").replace("\\\n", " ")
    for line in text.splitlines():
        match = ASSIGN.match(line.split("#")[0])
        if not match or line.startswith("\t"):
            continue
        name, how, value = match.groups()
        old = variables.get(name, "") if how == "+=" else ""
        variables[name] = f"{old} {value}".strip()
    return variables


def expand(value, variables, directory, depth=8):
    """$(x) by its assignment; $(src) and its like are the directory."""
    def one(match):
        name = match.group(1)
        if name in ("src", "obj", "srctree", "PWD", "M"):
            return str(directory)
        return variables.get(name, "")
    while depth and "$(" in value:
        value = re.sub(r"\$\((\w[\w-]*)\)", one, value)
        depth -= 1
    return value


def modules_of_makefile(directory, path):
    variables = makefile_variables(path)
    objects, flags = [], []
    for name, value in variables.items():
        if re.fullmatch(r"obj-(m|y|\$\(CONFIG_\w+\))", name):
            objects += expand(value, variables, directory).split()
        elif name in ("ccflags-y", "EXTRA_CFLAGS", "ccflags-m"):
            flags += shlex.split(expand(value, variables, directory))
    flags = [f for f in flags if f.startswith(("-D", "-I", "-U", "-W", "-include"))]
    modules = []
    for obj in objects:
        if not obj.endswith(".o"):
            continue            # a folder below
        stem = obj[:-2]
        parts = []
        for key in (stem + "-y", stem + "-objs", stem + "-m"):
            parts += expand(variables.get(key, ""), variables,
                            directory).split()
        sources = [directory / (p[:-2] + ".c") for p in parts or [obj]
                   if p.endswith(".o")]
        missing = [s for s in sources if not s.is_file()]
        if missing:
            raise BuildError(f"{path}: {obj} needs {missing[0].name}, "
                             "which is not there")
        own = variables.get(f"CFLAGS_{obj}", "")
        modules.append(Module(stem, sources, flags + shlex.split(
            expand(own, variables, directory))))
    return modules


def find_modules(directory):
    """The modules of @directory, or a BuildError that says what is missing."""
    if not directory.exists():
        raise BuildError(f"{directory}: no such directory")
    if not directory.is_dir():
        raise BuildError(f"{directory}: not a directory")
    for name in ("Kbuild", "Makefile"):
        if (directory / name).is_file():
            modules = modules_of_makefile(directory, directory / name)
            if modules:
                return modules
    files = sorted(p for p in directory.glob("*.c")
                   if not p.name.endswith(".mod.c"))
    if not files:
        raise BuildError(f"{directory}: no .c files")
    return [Module(f.stem, [f]) for f in files]


def compile_command(config, source, output, module, directory):
    return (config["cc"] + config["args"] +
            [f"-I{i}" for i in config["include"]] +
            [f"-I{directory}", f"-I{directory}/include", "-DMODULE",
             f'-DKBUILD_MODNAME="{module.name}"',
             f'-DKBUILD_BASENAME="{source.stem}"', "-fvisibility=hidden",
             "-include", "linux/kconfig.h", "-include",
             "linux/compiler_types.h", "-Wall"] +
            [f"-Wno-{w}" for w in QUIET] + [f"-Werror={e}" for e in ERRORS] +
            module.flags + ["-c", str(source), "-o", str(output)])


def not_ours(match):
    return (f"{match.group(1)}:{match.group(2)}: error: {match.group(3)}: "
            "not part of Octavo")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def compile_all(config, modules, directory, work, say):
    """Objects by module; all errors of all files in one BuildError."""
    jobs = []
    for module in modules:
        stub = work / f"{module.name}.mod.c"
        stub.write_text('#include <octavo/module_stub.h>\n'
                        f'MODULE_STUB("{module.name}");\n')
        module.objects = []
        for source in module.sources + [stub]:
            out = work / f"{module.name}-{source.name}.o"
            module.objects.append(out)
            jobs.append((source, compile_command(config, source, out, module,
                                                 directory)))
    bad = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (source, _), (status, text) in zip(
                jobs, pool.map(lambda job: run(job[1]), jobs)):
            text = NO_HEADER.sub(not_ours, text)
            if status:
                bad.append(text.rstrip() or f"{source}: the compiler failed")
            elif text.strip():
                say(text.rstrip())
    if bad:
        raise BuildError("\n".join(bad))


def symbols(obj, nm):
    """Names that @obj defines, and that it wants."""
    _, text = run([nm, "-g", str(obj)])
    defined, wanted = set(), set()
    for line in text.splitlines():
        *_, kind, name = line.split()
        (wanted if kind in "Uw" else defined).add(name)
    return defined, wanted


def in_order(modules, nm):
    """Those that others need before the others; else as they were."""
    table = {m: symbols(m.object, nm) for m in modules}
    done, left = [], list(modules)
    while left:
        ready = next((m for m in left if not any(
            table[m][1] & table[o][0] for o in left if o is not m)), left[0])
        left.remove(ready)
        done.append(ready)
    return done


def link_modules(config, modules, work):
    """One object of all modules."""
    for module in modules:
        raw = work / f"{module.name}.raw.o"
        module.object = work / f"{module.name}.ko.o"
        steps = [config["cc"] + config["link_r"] +
                 ["-nostdlib", "-r", "-o", str(raw)] +
                 [str(o) for o in module.objects],
                 [config["objcopy"], "--localize-hidden",
                  "--rename-section", ".text=octavo_module_text",
                  "--rename-section", ".text.unlikely=octavo_module_text",
                  "--rename-section", ".text.hot=octavo_module_text",
                  "--rename-section", ".text.startup=octavo_module_text",
                  str(raw), str(module.object)]]
        for step in steps:
            status, text = run(step)
            if status:
                raise BuildError(f"module {module.name}: {text.rstrip()}")
    out = work / "modules.o"
    status, text = run(config["cc"] + config["link_r"] +
                       ["-nostdlib", "-r", "-o", str(out)] +
                       [str(m.object) for m in in_order(modules, config["nm"])])
    if status:
        raise BuildError(text.rstrip())
    return out


def build(config, directory, work, say):
    """The object of @directory's modules, in @work."""
    modules = find_modules(directory)
    names = [m.name for m in modules]
    for name in names:
        if names.count(name) > 1:
            raise BuildError(f"{directory}: two modules are called {name}")
    compile_all(config, modules, directory, pathlib.Path(work), say)
    return link_modules(config, modules, pathlib.Path(work))


def link_error(text):
    """What the linker says, with the names that nobody defines first."""
    missing = sorted(set(re.findall(r"undefined reference to `(\w+)'", text)))
    if not missing:
        return text.rstrip()
    places = {}
    for line in text.splitlines():
        match = re.search(r"(\S+:\d+): undefined reference to `(\w+)'", line)
        if match:
            places.setdefault(match.group(2), match.group(1))
    return "\n".join(f"{places.get(n, 'a module')}: error: {n}: "
                     "not part of Octavo" for n in missing)
