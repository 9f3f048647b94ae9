#!/usr/bin/env python3
"""Draws a flame graph from a recording of the JDK's flight recorder, as one SVG without scripts.

    ./finks bench silver --runs 1 --variants silver --profile silver.jfr
    python3 bench/flamegraph.py silver.jfr docs/silver-profile.svg --thread quotes

Width is the share of samples in which a frame was on the stack; hovering shows its whole name. With
--top it prints instead where the samples are: by the class whose code ran, and by area.
"""

from __future__ import annotations

import argparse
import collections
import html
import json
import subprocess
import sys
from pathlib import Path

WIDTH = 1200
ROW = 17
LEAST_WIDTH = 1.0
DEPTH = 128


class Frame:
    """One box: how many samples it was in, and the boxes above it."""

    def __init__(self) -> None:
        self.samples = 0
        self.callees: dict[str, Frame] = {}

    def add(self, stack: list[str]) -> None:
        frame = self
        frame.samples += 1
        for name in stack:
            frame = frame.callees.setdefault(name, Frame())
            frame.samples += 1


def stacks(recording: Path, thread: str) -> list[list[str]]:
    """Every sample's stack, outermost frame first, of the threads whose names contain a text."""
    done = subprocess.run(
        ["jfr", "print", "--json", "--stack-depth", str(DEPTH), "--events", "jdk.ExecutionSample", str(recording)],
        stdout=subprocess.PIPE,
        check=True,
    )
    found = []
    for event in json.loads(done.stdout)["recording"]["events"]:
        values = event["values"]
        name = (values.get("sampledThread") or {}).get("javaName") or ""
        trace = values.get("stackTrace")
        if thread in name and trace:
            found.append([frame_name(frame) for frame in reversed(trace["frames"])])
    return found


def frame_name(frame: dict) -> str:
    method = frame["method"]
    return f"{method['type']['name'].replace('/', '.')}.{method['name']}"


def trimmed(stack: list[str], root: str) -> list[str]:
    """The stack from the first frame that contains a text, so that an engine's loop is not drawn."""
    for position, name in enumerate(stack):
        if root and root in name:
            return stack[position:]
    return stack


def colour(name: str) -> str:
    if name.startswith("ai.finks.flink.silver.parquet") or ".parquet." in name or "zstd" in name.lower():
        return "#e8a33d"
    if name.startswith("ai.finks"):
        return "#5aa469"
    if name.startswith("org.apache.kafka"):
        return "#6a8caf"
    if name.startswith("org.apache.flink"):
        return "#b07aa1"
    return "#c9b8a0"


def boxes(frame: Frame, left: float, depth: int, scale: float, out: list[str], total: int) -> int:
    deepest = depth
    for name, callee in sorted(frame.callees.items()):
        width = callee.samples * scale
        if width >= LEAST_WIDTH:
            out.append(box(name, callee.samples, left, depth, width, total))
            deepest = max(deepest, boxes(callee, left, depth + 1, scale, out, total))
        left += width
    return deepest


def box(name: str, samples: int, left: float, depth: int, width: float, total: int) -> str:
    share = f"{100 * samples / total:.1f} %"
    short = ".".join(name.split(".")[-2:])
    room = int(width / 6.2)
    label = short if len(short) <= room else short[: max(0, room - 1)] + "…" if room > 3 else ""
    top = depth * ROW
    text = f'<text x="{left + 3:.1f}" y="{top + 12}">{html.escape(label)}</text>' if label else ""
    return (
        f"<g><title>{html.escape(name)} {share}</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" fill="{colour(name)}"/>{text}</g>'
    )


def svg(root: Frame, title: str) -> str:
    out: list[str] = []
    deepest = boxes(root, 0, 2, WIDTH / root.samples, out, root.samples)
    height = (deepest + 2) * ROW
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
            "<style>text{font:11px sans-serif;fill:#222}</style>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="4" y="14">{html.escape(title)}</text>',
            '<text x="4" y="29">green: Finks · orange: Parquet and zstd · blue: Kafka · violet: Flink · sand: the JDK and others</text>',
            *out,
            "</svg>",
            "",
        ]
    )


def top(samples: list[list[str]]) -> str:
    leaves = collections.Counter(stack[-1] for stack in samples)
    inner = collections.Counter(name for stack in samples for name in set(stack))
    lines = ["self:"]
    lines += [f"{100 * n / len(samples):5.1f} %  {name}" for name, n in leaves.most_common(30)]
    lines.append("with what they call:")
    ours = [(name, n) for name, n in inner.most_common(400) if name.startswith("ai.finks")]
    lines += [f"{100 * n / len(samples):5.1f} %  {name}" for name, n in ours[:45]]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("svg", type=Path, nargs="?")
    parser.add_argument("--thread", default="", help="only threads whose names contain this")
    parser.add_argument("--root", default="SourceReader", help="draw stacks from the first frame that contains this")
    parser.add_argument("--title", default="Samples of the JDK's flight recorder")
    parser.add_argument("--top", action="store_true", help="print the hottest frames instead")
    arguments = parser.parse_args()
    samples = stacks(arguments.recording, arguments.thread)
    if not samples:
        sys.exit("no samples of such threads in the recording")
    if arguments.top:
        print(top(samples))
        return
    if arguments.svg is None:
        parser.error("where to draw to?")
    root = Frame()
    for stack in samples:
        root.add(trimmed(stack, arguments.root))
    arguments.svg.write_text(svg(root, arguments.title))


if __name__ == "__main__":
    main()
