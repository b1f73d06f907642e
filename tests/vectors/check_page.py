#!/usr/bin/env python3
"""docs/formats/evidence.md says the same as evidence/limits.h and the vectors."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
page = (ROOT / "docs/formats/evidence.md").read_text(encoding="utf-8")
header = (ROOT / "evidence/limits.h").read_text(encoding="utf-8")
vectors = json.loads((ROOT / "tests/vectors/evidence.json").read_text(encoding="utf-8"))
failures = []


def number(expression):
    """64U << 20U, 1'000'000, 1024"""
    factors = [int(re.sub(r"\D", "", part)) for part in expression.split("<<")]
    return factors[0] << factors[1] if len(factors) == 2 else factors[0]


constants = {name: number(text)
             for name, text in re.findall(r"constexpr std::\w+ (k\w+) = ([^;]+);", header)}
stated = {name: int(text) for name, text in re.findall(r"^\| (k\w+) \| (\d+) \|", page, re.M)}
if not constants or constants != stated:
    failures.append("limits differ: %s" % sorted(set(constants.items()) ^ set(stated.items())))

example = "the worked example of docs/formats/evidence.md"
for group in ("tables", "manifests"):
    vector = next(v for v in vectors[group] if v["name"] == example)
    for key in ("canonical", "digest"):
        if vector[key] not in page:
            failures.append("the worked example's %s (%s) is not on the page" % (key, group))
for text in (vectors["signatures"][0]["signature"], vectors["bundles"][0]["archive_digest"]):
    if text not in page:
        failures.append("not on the page: " + text)

print("\n".join(failures) or "%d limits and the worked example agree" % len(constants))
sys.exit(bool(failures))
