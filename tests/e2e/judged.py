"""Rows that were really collected, put before a rule as a test of it: what it says of them is written by whoever calls."""
import json
import subprocess
import time


def today(days=0):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))


def expect_verdict(bin_folder, folder, rule, tables, verdict, *findings):
    """`verdict`: pass, fail or unknown; `findings`: of each row, in the rule's order, the columns that matter; of an
    unknown one a part of its reason."""
    lines = [f"# rows of real servers\ncheck {rule}\nprofile server\ntoday {today()}"]
    for name, rows in tables.items():
        lines += [f"table {name}", *map(json.dumps, rows)]
    lines.append(f"expect {verdict}")
    lines += [f"reason contains {each}" if verdict == "unknown" else json.dumps(each) for each in findings]
    path = folder / f"{rule}.test"
    path.write_text("\n".join(lines) + "\n")
    done = subprocess.run([bin_folder / "assay", "check", "test", path], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert done.returncode == 0, (rule, verdict, findings, done.stdout[-2500:], done.stderr[-1500:])
