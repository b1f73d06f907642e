#!/usr/bin/env python3
"""flatpak_packages against flatpak: what it installed from a repository of the test's own."""
from real_installations import must, run_tests, user_environment

APP, RUNTIME = "org.assay.Sample", "org.assay.Platform"
METAINFO = f"""<?xml version="1.0"?><components version="0.8"><component type="desktop">
<id>{APP}.desktop</id><name>Sample</name><project_license>MIT</project_license>
<releases><release version="2.5.1" timestamp="1700000000"/></releases></component></components>"""


def publish(machine):
    """A repository with an application and its runtime, of which the second has reached its end."""
    app, runtime = machine.folder / "app", machine.folder / "runtime"
    for folder in (app / "files/share/app-info/xmls", app / "export", runtime / "files",
                   runtime / "usr"):
        folder.mkdir(parents=True)
    (runtime / "metadata").write_text(f"[Runtime]\nname={RUNTIME}\n")
    (app / "metadata").write_text(f"[Application]\nname={APP}\nruntime={RUNTIME}/x86_64/1\n"
                                  f"sdk={RUNTIME}/x86_64/1\n")
    xml = app / "files/share/app-info/xmls" / f"{APP}.xml"
    xml.write_text(METAINFO)
    must("gzip", xml)
    repository = machine.folder / "repository"
    must("flatpak", "build-export", "--arch=x86_64", "--runtime", repository, runtime, "1")
    must("flatpak", "build-export", "--arch=x86_64", repository, app, "stable")
    must("flatpak", "build-commit-from", "--end-of-life=no longer looked after",
         f"--src-ref=runtime/{RUNTIME}/x86_64/1", repository, f"runtime/{RUNTIME}/x86_64/1")
    return repository


def install(machine, folder):
    environment = {**user_environment(machine.folder), "FLATPAK_USER_DIR": str(folder)}
    repository = publish(machine)
    must("flatpak", "--user", "remote-add", "--no-gpg-verify", "shop", repository, env=environment)
    must("flatpak", "--user", "install", "-y", "--noninteractive", "--arch=x86_64", "shop", APP,
         env=environment)
    listing = must("flatpak", "--user", "list", "--columns=application,version,arch,branch,origin",
                   env=environment)
    return sorted(tuple(line.split("\t")) for line in listing.splitlines())


def listed(rows):
    return sorted((row["name"], row["version"] or "", row["arch"], row["branch"], row["origin"])
                  for row in rows)


def test_a_home_folders_installation_gives_what_flatpak_lists(machine):
    (machine.root / "etc").mkdir()
    (machine.root / "etc/passwd").write_text("lin:x:1000:1000::/home/lin:/bin/sh\n")
    expected = install(machine, machine.root / "home/lin/.local/share/flatpak")
    rows = machine.query("SELECT * FROM flatpak_packages")
    assert listed(rows) == expected and len(rows) == 2, (rows, expected)
    assert {row["username"] for row in rows} == {"lin"}, rows


def test_what_its_maker_gave_up_says_so(machine):
    install(machine, machine.root / "var/lib/flatpak")
    rows = machine.query("SELECT name, installation, end_of_life FROM flatpak_packages ORDER BY name")
    assert rows == [
        {"name": RUNTIME, "installation": "system", "end_of_life": "no longer looked after"},
        {"name": APP, "installation": "system", "end_of_life": None}], rows


if __name__ == "__main__":
    run_tests(globals(), ["flatpak", "gzip"])
