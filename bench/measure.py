#!/usr/bin/env python3
"""Measures the figures of docs/performance.md by running ./finks as a user would.

    python3 bench/measure.py startup --runs 5     # up: command to ready
    python3 bench/measure.py bars --runs 3        # files.bars: 619,040 bars into Silver, bronze beside it: into a
                                                  # stack just started (cold), then more of other symbols (warm),
                                                  # then five times as many in one command (sustained)
    python3 bench/measure.py fmp --runs 3         # the FMP way: a bare HTTP loop beside the adapter, and what a
                                                  # bare producer of ready-made records can send to the same broker
    python3 bench/measure.py demo --runs 3        # the whole demo
    python3 bench/measure.py cold                 # fresh clone, empty Maven repository, to the end of the demo

Every run has a home of its own, which is removed afterwards. Prints one JSON document.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FINKS = ROOT / "finks"
BARS = ROOT / "local-stack" / "demo-data" / "sp500-bars.csv.zst"
BAR_COUNT = 619_040
WARM_LOADS = 4
SUSTAINED_COPIES = 5
RECORD_BYTES = 450
SIMULATOR_KEY = "simulated-fmp-key"
FMP_CALLS = 4


def finks(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> dict:
    """Runs one command with --json and returns its document; a failure ends the measurement."""
    done = subprocess.run(
        [str(cwd / "finks"), *arguments, "--json"],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        raise SystemExit(f"./finks {' '.join(arguments)} ended with {done.returncode}")
    return json.loads(done.stdout)


class Stack:
    """A live stack in a home of its own, taken down and removed at the end, also after an error."""

    def __enter__(self) -> "Stack":
        self.home = tempfile.mkdtemp(prefix="finks-bench-")
        started = time.monotonic()
        finks("up", "--home", self.home)
        self.seconds_to_ready = time.monotonic() - started
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([str(FINKS), "down", "--home", self.home], capture_output=True, check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def query(self, sql: str) -> list[dict]:
        done = subprocess.run(
            [str(FINKS), "query", sql, "--home", self.home, "--format", "json"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)


def startup() -> dict:
    with Stack() as stack:
        return {"seconds": round(stack.seconds_to_ready, 2)}


def bars() -> dict:
    """The file into a stack just started, then, into the same stack, the file with other symbols."""
    with Stack() as stack, tempfile.TemporaryDirectory(prefix="finks-bars-") as folder:
        loads = [load(stack, BARS, 1)]
        for number in range(2, WARM_LOADS + 2):
            other = Path(folder, f"bars-{number}.csv")
            with_other_symbols(other, str(number))
            loads.append(load(stack, other, number))
            other.unlink()
        many = Path(folder, "bars-sustained.csv")
        with_other_symbols(many, *(f"X{copy}" for copy in range(SUSTAINED_COPIES)))
        sustained = load(stack, many, WARM_LOADS + 1 + SUSTAINED_COPIES, SUSTAINED_COPIES)
        warm = {key: statistics.median(run[key] for run in loads[1:]) for key in loads[0]}
        return {
            **{f"cold_{key}": value for key, value in loads[0].items()},
            **{f"warm_{key}": value for key, value in warm.items()},
            **{f"sustained_{key}": value for key, value in sustained.items()},
            "warm_loads": loads[1:],
        }


def load(stack: Stack, file: Path, so_far: int, copies: int = 1) -> dict:
    """Times one load twice: from the command's start, and from about its first record.

    so_far: how often the stack has taken the bars when this load is done; copies: of them in the file.
    """
    begun = time.time()
    ingest = finks("ingest", "files", "--binding", "files.bars", str(file), "--home", stack.home)
    first_record = time.time() - ingest["seconds"]
    waited = finks("wait", "--home", stack.home)
    counts = waited["entities"]["bars"]
    if counts["read"] != so_far * BAR_COUNT or not waited["balanced"]:
        raise SystemExit(f"wrong counts: {waited}")
    last_commit = last_commit_seconds(stack.home)
    return {
        "ingest_seconds": ingest["seconds"],
        "seconds_to_last_commit": round(last_commit - begun, 2),
        "records_per_second": round(copies * BAR_COUNT / (last_commit - begun)),
        "records_per_second_from_first_record": round(copies * BAR_COUNT / (last_commit - first_record)),
    }


def with_other_symbols(target: Path, *suffixes: str) -> None:
    """Writes the bars once for each suffix, which goes behind each symbol, so that none is a duplicate."""
    script = (
        "import pyarrow, sys\n"
        "with pyarrow.input_stream(sys.argv[1], compression='zstd') as packed:\n"
        "    lines = packed.read().decode().splitlines()\n"
        "with open(sys.argv[2], 'w') as out:\n"
        "    out.write(lines[0] + '\\n')\n"
        "    for suffix in sys.argv[3:]:\n"
        "        out.writelines(line + suffix + '\\n' for line in lines[1:])\n"
    )
    python = ROOT / ".finks" / "venv" / "bin" / "python"
    subprocess.run([str(python), "-c", script, str(BARS), str(target), *suffixes], check=True)


def last_commit_seconds(home: str) -> float:
    """When Silver's newest snapshot was committed, read from the table's own metadata."""
    metadata = Path(home, "lake", "silver", "entity=bars", "metadata")
    newest = max(metadata.glob("*.metadata.json"), key=lambda path: path.stat().st_mtime_ns)
    table = json.loads(newest.read_text())
    return max(snapshot["timestamp-ms"] for snapshot in table["snapshots"]) / 1000


def fmp() -> dict:
    """What the simulator can answer, taken by a loop that drops the bytes, beside what the adapter
    sends to Kafka in the same calls. The jobs are ended first: they would take the cores from both.
    """
    with Stack() as stack:
        status = finks("status", "--home", stack.home)
        urls = {component["name"]: component.get("url") for component in status["components"]}
        cancel_jobs(urls["flink"])
        symbols = [stock["symbol"] for stock in json.loads(get(urls["fmp"], "/stable/stock-list"))]
        loops = [bare_loop(urls["fmp"], symbols) for _ in range(3)]
        adapter = [
            finks("ingest", "fmp.bars", "--parallel", str(FMP_CALLS), "--home", stack.home)
            for _ in range(2)
        ]
        for run in adapter:
            if run["sent"] != BAR_COUNT:
                raise SystemExit(f"wrong counts: {run}")
        ready = finks(
            *("bench", "producer", "--bootstrap-servers", urls["kafka"], "--topic", "fmp.bars.raw.v1"),
            *("--records", str(BAR_COUNT), "--bytes", str(RECORD_BYTES)),
        )
        bare, cold, again = statistics.median(loops), adapter[0]["seconds"], adapter[1]["seconds"]
        return {
            "bare_loop_records_per_second": round(BAR_COUNT / bare),
            "adapter_records_per_second": round(BAR_COUNT / min(cold, again)),
            "adapter_vs_bare_loop": round(bare / min(cold, again), 2),
            "ready_made_cold_records_per_second": ready["cold_records_per_second"],
            "ready_made_warm_records_per_second": ready["warm_records_per_second"],
            # Both on the same cores: one second of each kind of work for so many bars.
            "most_with_both_cold_records_per_second": round(
                1 / (bare / BAR_COUNT + 1 / ready["cold_records_per_second"])
            ),
            "most_with_both_warm_records_per_second": round(
                1 / (bare / BAR_COUNT + 1 / ready["warm_records_per_second"])
            ),
        }


def cancel_jobs(flink: str) -> None:
    with urllib.request.urlopen(f"{flink}/jobs") as answer:
        jobs = json.load(answer)["jobs"]
    for job in jobs:
        request = urllib.request.Request(f"{flink}/jobs/{job['id']}?mode=cancel", method="PATCH")
        urllib.request.urlopen(request).close()


def get(url: str, path: str) -> bytes:
    request = urllib.request.Request(url + path, headers={"apikey": SIMULATOR_KEY})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def bare_loop(url: str, symbols: list[str]) -> float:
    """Seconds for the whole history of every symbol, on connections that are kept."""
    left = iter(symbols)
    turn = threading.Lock()

    def take() -> None:
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        buffer = bytearray(1 << 18)
        while True:
            with turn:
                symbol = next(left, None)
            if symbol is None:
                return
            path = f"/stable/historical-price-eod/full?symbol={symbol}&from=2013-02-08&to=2018-02-07"
            connection.request("GET", path, headers={"apikey": SIMULATOR_KEY})
            answer = connection.getresponse()
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            while answer.readinto(buffer):
                pass

    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(FMP_CALLS) as threads:
        for done in [threads.submit(take) for _ in range(FMP_CALLS)]:
            done.result()
    return time.monotonic() - started


def demo() -> dict:
    document = finks("demo")
    return {"seconds": document["seconds"], "balanced": document["balanced"]}


def cold() -> dict:
    """Clone, build with nothing cached by Maven or uv, demo: what a newcomer waits for."""
    with tempfile.TemporaryDirectory(prefix="finks-cold-") as folder:
        clone = Path(folder, "finks")
        env = {
            **os.environ,
            "MAVEN_OPTS": f"-Dmaven.repo.local={folder}/m2",
            "UV_CACHE_DIR": f"{folder}/uv",
            "PIP_CACHE_DIR": f"{folder}/pip",
        }
        started = time.monotonic()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        document = finks("demo", cwd=clone, env=env)
        return {
            "seconds": round(time.monotonic() - started, 1),
            "demo_seconds": document["seconds"]["total"],
        }


def machine() -> dict:
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "kernel": platform.release(),
    }


def main() -> None:
    measures = {"startup": startup, "bars": bars, "fmp": fmp, "demo": demo, "cold": cold}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("name", choices=measures)
    parser.add_argument("--runs", type=int, default=1)
    arguments = parser.parse_args()
    runs = [measures[arguments.name]() for _ in range(arguments.runs)]
    numbers = {key for run in runs for key, value in run.items() if isinstance(value, (int, float))}
    medians = {key: statistics.median(run[key] for run in runs) for key in sorted(numbers)}
    document = {"measure": arguments.name, "machine": machine(), "runs": runs, "medians": medians}
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
