#!/usr/bin/env python3
"""Breaks each rule of docs/correctness.md on purpose and demands that its test fails.

Each mutation in the *.txt files beside this script names a rule, a source file, a small change and
the test that has to notice it. Nothing of the checkout is changed: the changed file is compiled
into a folder that comes before the others on the class path.

    flink-jobs/src/test/mutations/run.py [--only TEXT]... [--compiled]

--only TEXT   only mutations whose rule, file or test contains one of the texts
--compiled    the module and its tests are compiled already

Exit code 0 if every mutation is noticed, 1 if one survives, 3 if one could not be tried.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MODULE = HERE.parents[2]
ROOT = MODULE.parent
SOURCES = MODULE / "src" / "main" / "java" / "ai" / "finks" / "flink"
TESTS = MODULE / "src" / "test" / "java"
SECONDS_PER_TEST = 240
# How long a test waits for what must come, when it must not come.
PATIENCE_SECONDS = 25
# RunTest's exit code for a test that failed; what else may go wrong has others.
NOTICED = 11


class Mutation:
    def __init__(self, text):
        head, before, after = re.split(r"^--- .*\n", text, flags=re.M)
        fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
        self.rule, self.file, self.test = fields["rule"], fields["file"], fields["test"]
        self.before, self.after = before, after

    def changed(self, sources):
        source = (sources / self.file).read_text()
        if source.count(self.before) != 1:
            raise ValueError(f"{self.file} has the lines {source.count(self.before)} times")
        return source.replace(self.before, self.after)

    def contains(self, text):
        return any(text in field for field in (self.rule, self.file, self.test))


def mutations():
    for file in sorted(HERE.glob("*.txt")):
        for text in re.split(r"^====\n", file.read_text(), flags=re.M):
            if text.strip():
                yield Mutation(text)


def qualified(test):
    """The method of a class that is named without its package."""
    name, method = test.split("#")
    found = list(TESTS.rglob(name + ".java"))
    if len(found) != 1:
        raise ValueError(f"there are {len(found)} classes {name}")
    return ".".join(found[0].relative_to(TESTS).with_suffix("").parts) + "#" + method


def maven(*arguments):
    skips = ["-Dspotless.check.skip=true", "-Denforcer.skip=true", "-Dmdep.analyze.skip=true"]
    subprocess.run(["mvn", "-q", "-pl", "flink-jobs", "-am", *arguments, *skips], cwd=ROOT, check=True)


def class_path(scratch, compiled):
    file = scratch / "class-path"
    goals = ["test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={file}"]
    if compiled:
        goals[0] = "process-classes"
    maven(*goals)
    libraries = file.read_text().strip().split(":")
    engine = next(path for path in libraries if "/junit-platform-engine-" in path)
    launcher = engine.replace("junit-platform-engine", "junit-platform-launcher")
    if not pathlib.Path(launcher).exists():
        sys.exit(f"{launcher} is missing: run any test by Maven once")
    # Copies, so that the module may be built again meanwhile.
    own = [scratch / name for name in ("test-classes", "classes")]
    for copy in own:
        shutil.copytree(MODULE / "target" / copy.name, copy)
    shutil.copytree(SOURCES, scratch / "sources")
    return [*map(str, own), *libraries, launcher]


def jvm_arguments():
    return re.search(r"<test.jvm.args>(.*)</test.jvm.args>", (ROOT / "pom.xml").read_text())[1].split()


class Runner:
    def __init__(self, scratch, compiled):
        self.scratch = scratch
        self.path = class_path(scratch, compiled)
        self.launcher = scratch / "launcher"
        self.compile(HERE / "RunTest.java", self.launcher, "17")

    def compile(self, source, to, release):
        path = ":".join(self.path)
        command = ["javac", "-nowarn", "-proc:none", "--release", release, "-cp", path, "-d", str(to), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise ValueError("does not compile: " + done.stderr)

    def run(self, tests, first=None):
        """What RunTest says, and its exit code; a test that hangs has noticed."""
        path = [str(self.launcher), *([str(first)] if first else []), *self.path]
        command = ["java", *jvm_arguments(), f"-Dpatience.seconds={PATIENCE_SECONDS}", "-Dhistories.count=200", "-cp", ":".join(path), "RunTest"]
        try:
            done = subprocess.run(
                command + [qualified(test) for test in tests],
                cwd=MODULE, capture_output=True, text=True, timeout=SECONDS_PER_TEST * len(tests))
        except subprocess.TimeoutExpired:
            return NOTICED, "FAILED: it hangs"
        said = re.findall(r"(?:FAILED|NOT RUN) [\s\S]*", done.stdout)
        return done.returncode, said[0] if said else done.stdout[-1000:] + done.stderr[-1000:]

    def notices(self, number, mutation):
        place = self.scratch / f"{number}"
        source = place / "source" / pathlib.Path(mutation.file).name
        source.parent.mkdir(parents=True)
        source.write_text(mutation.changed(self.scratch / "sources"))
        self.compile(source, place / "classes", "11")
        return self.run([mutation.test], place / "classes")


def try_all(chosen, runner, verbose):
    tests = sorted({mutation.test for mutation in chosen})
    code, said = runner.run(tests)
    if code:
        print(f"Without any mutation: {said}")
        return 3
    survived = broken = 0
    for number, mutation in enumerate(chosen, 1):
        began = time.monotonic()
        try:
            code, said = runner.notices(number, mutation)
        except ValueError as error:
            code, said = 3, str(error)
        verdict = {0: "SURVIVED", NOTICED: "noticed"}.get(code, "BROKEN")
        survived += code == 0
        broken += code not in (0, NOTICED)
        seconds = time.monotonic() - began
        print(f"{number:3} {verdict:8} {seconds:4.0f} s  {mutation.file} | {mutation.test} | {mutation.rule}", flush=True)
        if code != 0 and (code != NOTICED or verbose):
            print("      " + " ".join(said.split())[:300], flush=True)
    print(f"{len(chosen)} mutations, {len(chosen) - survived - broken} noticed, {survived} survived, {broken} broken")
    return 3 if broken else 1 if survived else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="TEXT")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("-v", action="store_true", help="say how each test failed")
    arguments = parser.parse_args()
    wanted = arguments.only or [""]
    chosen = [mutation for mutation in mutations() if any(map(mutation.contains, wanted))]
    if not chosen:
        parser.error(f"no mutation contains {wanted}")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mutations-"))
    try:
        sys.exit(try_all(chosen, Runner(scratch, arguments.compiled), arguments.v))
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
