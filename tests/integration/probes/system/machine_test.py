#!/usr/bin/env python3
"""system_info, os_version and agent_info against what the machine's own programs say: uname, lscpu,
free, a shell that reads os-release, and the rights that the kernel shows of a process."""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

DMI = {"uuid": "product_uuid", "hardware_vendor": "sys_vendor", "hardware_model": "product_name",
       "hardware_version": "product_version", "hardware_serial": "product_serial", "board_vendor": "board_vendor",
       "board_model": "board_name", "board_version": "board_version", "board_serial": "board_serial"}
RELEASES = [
    'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
    "# a comment\nNAME='Own \"Linux\"'\nID=own\nID_LIKE='rhel fedora'\nVERSION_ID=9.4.2\n"
    "VARIANT=\"Server \\$1 \\\"x\\\"\"\nBUILD_ID=2026-11-01\nSUPPORT_END=2032-05-31\n",
    'NAME=Plain\nID=plain\nVERSION_ID="20261101"\nVERSION="rolling \\\\ \\`on\\`"\nVERSION=\'\'\n',
    'ID=odd\nNAME="it\'s \\a\\b"\nVERSION_ID=7.1\n\n  VERSION_CODENAME=none\n']


def one(machine, table):
    rows = machine.rows(f"SELECT * FROM {table}")
    assert len(rows) == 1, rows
    return rows[0]


def test_the_processors_and_memory(machine):
    row = one(machine, "system_info")
    said = {line["field"].rstrip(":"): line["data"] for line in json.loads(machine.must("lscpu", "-J"))["lscpu"]}
    cores = [line.split(",") for line in machine.must("lscpu", "-p=CPU,CORE,SOCKET").splitlines()
             if not line.startswith("#")]
    assert row["cpu_type"] == machine.must("uname", "-m").strip() == said["Architecture"]
    assert row["cpu_logical_cores"] == len(cores), row
    if row["cpu_physical_cores"] is not None:  # x86 alone says it in /proc/cpuinfo
        assert row["cpu_physical_cores"] == len({core for _, core, _ in cores}), (row, cores)
        assert row["cpu_sockets"] == len({socket for _, _, socket in cores}), (row, cores)
        assert (row["cpu_brand"], row["cpu_subtype"]) == (said["Model name"], said["Model"]), (row, said)
    total = machine.must("free", "-b").splitlines()[1].split()[1]
    assert row["physical_memory"] == int(total), row


def test_the_hardware_is_what_the_firmware_says(machine):
    row = one(machine, "system_info")
    for column, name in DMI.items():
        file = pathlib.Path("/sys/class/dmi/id") / name
        assert row[column] == ((file.read_text().strip() or None) if file.exists() else None), (column, row)


def test_the_names_are_those_of_the_kernel(machine):
    machine.own("/etc")
    pathlib.Path("/etc/hostname").write_text("written\n")
    machine.must("hostname", "box7.example.test")
    row = one(machine, "system_info")
    assert row["hostname"] == machine.must("hostname").strip() == machine.must("uname", "-n").strip(), row
    assert row["local_hostname"] == machine.must("hostname", "-s").strip() == "box7", row
    assert row["computer_name"] == "box7.example.test", row
    pathlib.Path("/etc/machine-info").write_text('CHASSIS=server\nPRETTY_HOSTNAME="Ada\\\'s \\"Box\\""\n')
    pretty = machine.must("sh", "-c", '. /etc/machine-info; echo "$PRETTY_HOSTNAME"').strip()
    assert one(machine, "system_info")["computer_name"] == pretty
    assert machine.rows("SELECT hostname FROM system_info")[0]["hostname"] == "box7.example.test"


def test_the_release_is_what_a_shell_reads(machine):
    machine.own("/etc")
    file = pathlib.Path("/etc/os-release")
    file.unlink()
    for text in RELEASES:
        file.write_text(text)
        names = {"name": "NAME", "platform": "ID", "platform_like": "ID_LIKE", "codename": "VERSION_CODENAME",
                 "build": "BUILD_ID", "extra": "VARIANT", "support_end": "SUPPORT_END"}
        said = json.loads(machine.must(
            "sh", "-c", ". /etc/os-release; export NAME ID ID_LIKE VERSION_CODENAME BUILD_ID VARIANT SUPPORT_END "
            "VERSION VERSION_ID; exec /usr/bin/env -i python3 -c 'import json, sys; print(json.dumps(sys.argv[1:]))' "
            + " ".join(f'"${name}"' for name in [*names.values(), "VERSION", "VERSION_ID"])))
        row = one(machine, "os_version")
        assert {column: row[column] or "" for column in names} == dict(zip(names, said)), (row, said)
        whole, number = said[-2:]
        assert row["version"] == (whole if "VERSION=" in text else number) or not whole, (row, said)
        parts = [row[part] for part in ("major", "minor", "patch") if row[part] is not None]
        if row["platform"] == "debian":  # whose point release is in a file of its own
            number = pathlib.Path("/etc/debian_version").read_text().strip()
        assert ".".join(map(str, parts)) == number, (row, number)
        assert row["arch"] == machine.must("uname", "-m").strip(), row


SHOW = "grep -E '^(CapEff|NoNewPrivs|Seccomp|Uid):' /proc/self/status; exec \"$@\""


def test_the_agents_rights_are_those_that_the_kernel_shows(machine):
    for words in ([], ["--no-new-privs"], ["--bounding-set=-sys_admin,-net_raw"],
                  ["--reuid=65534", "--regid=65534", "--clear-groups"],
                  ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]):
        said = machine.must("setpriv", *words, "sh", "-c", SHOW, "sh", machine.agent, "query", "-o", "json",
                            "SELECT * FROM agent_info")
        status, _, answer = said.partition("[")
        shown = dict(line.split(":", 1) for line in status.splitlines())
        row = json.loads("[" + answer)[0]
        assert row["capabilities"] == shown["CapEff"].strip(), (words, row, shown)
        assert row["no_new_privileges"] == int(shown["NoNewPrivs"]), (words, row, shown)
        assert row["seccomp"] == int(shown["Seccomp"]), (words, row, shown)
        assert row["uid"] == int(shown["Uid"].split()[1]), (words, row, shown)


def test_the_agents_settings_are_those_of_its_bundle(machine):
    assert machine.must(machine.agent, "version").split()[-1] == one(machine, "agent_info")["version"]
    root = machine.folder / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/os-release").write_text(RELEASES[0])
    settings, state, bundle = (machine.folder / name for name in ("settings.yaml", "state", "bundle"))
    digests = set()
    for text in ("profile: pc\nscan:\n  interval: 2h\n  walk_interval: 3d\nspool:\n  max_bytes: 1MiB\n",
                 "profile: server\n"):
        settings.write_text(text)
        settings.chmod(0o600)
        words = ["--settings", settings, "--state", state]
        row = json.loads(machine.must(machine.agent, "query", *words, "-o", "json", "SELECT * FROM agent_info"))[0]
        machine.must(machine.agent, "bundle", *words, "--root", root, "--quiet", "-o", bundle)
        content = subprocess.run(["zstd", "-dcq", bundle], capture_output=True, check=True, timeout=30).stdout
        assert f'"config_digest":"{row["settings_digest"]}"'.encode() in content, row
        assert row["state_dir"] == str(state) and (row["enrolled"], row["host_id"]) == (0, None), row
        digests.add(row["settings_digest"])
        if "2h" in text:
            assert (row["profile"], row["scan_interval"], row["walk_interval"], row["spool_max_bytes"]) == (
                "pc", 2 * 3600, 3 * 86400, 1 << 20), row
    assert len(digests) == 2, digests


namespace.need("/usr/bin/lscpu", "/usr/bin/setpriv", "/usr/bin/zstd", "/usr/bin/free")
namespace.enter("--uts")
namespace.run(globals())
