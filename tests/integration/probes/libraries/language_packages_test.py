#!/usr/bin/env python3
"""What Debian's own packages brought of Python, npm, Java and Go, against what these say themselves.

An image made of the real files is read, so that what else lies on the machine does not matter."""
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

BIN = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path("build/dev/bin")
PYTHON_SITE = pathlib.Path("/usr/lib/python3/dist-packages")
NODE_SITES = [pathlib.Path("/usr/share/nodejs"), pathlib.Path("/usr/lib/node_modules")]
JAVA_SITE = pathlib.Path("/usr/share/java")
GO_PROGRAM = pathlib.Path("/usr/bin/age")


def pom(group, artifact, version):
    return (f"META-INF/maven/{group}/{artifact}/pom.properties",
            f"groupId={group}\nartifactId={artifact}\nversion={version}\n")


def archive(*members, compression=zipfile.ZIP_DEFLATED, comment=b""):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as made:
        for name, text in members:
            made.writestr(name, text)
        made.comment = comment
    return content.getvalue()


class Image(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="assay-libraries-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "etc").mkdir()  # an image without it is no system's

    def take(self, source):
        target = self.root / source.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy2(source, target)

    def put(self, path, content):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def query(self, sql):
        done = subprocess.run([BIN / "assay-agent", "query", "--root", self.root, "-o", "json", sql],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Python(Image):
    def test_lists_what_python_itself_lists(self):
        self.take(PYTHON_SITE)
        code = ("import importlib.metadata as m, json; print(json.dumps(sorted("
                f"[d.metadata['Name'], d.version] for d in m.distributions(path=['{PYTHON_SITE}']))))")
        expected = json.loads(subprocess.run(["/usr/bin/python3", "-I", "-c", code],
                                             capture_output=True, check=True).stdout)
        rows = self.query("SELECT name, version, note FROM python_packages "
                          f"WHERE directory = '{PYTHON_SITE}'")
        self.assertGreater(len(expected), 0)
        self.assertEqual(sorted([row["name"], row["version"]] for row in rows), expected)
        self.assertEqual([row["note"] for row in rows if row["note"]], [])


class Npm(Image):
    def test_lists_debians_packages_with_the_words_of_package_json(self):
        site = next(site for site in NODE_SITES if site.is_dir())
        self.take(site)
        files = list(site.glob("*/package.json")) + list(site.glob("@*/*/package.json"))
        expected = {}
        for file in files:
            if not any(part.is_symlink() for part in (file, *file.parents)):
                said = json.loads(file.read_text())
                expected[str(file)] = (said.get("name"), said.get("version"))
        rows = {row["path"]: (row["name"], row["version"])
                for row in self.query("SELECT path, name, version FROM npm_packages")}
        self.assertGreater(len(expected), 0)
        self.assertEqual({path: rows.get(path) for path in expected}, expected)

    def test_finds_nested_and_scoped_packages_of_an_application(self):
        for path in ("a", "@s/b", "a/node_modules/c"):
            name = path.split("node_modules/")[-1]
            self.put(f"/srv/app/node_modules/{path}/package.json",
                     json.dumps({"name": name, "version": "1.0.0"}))
        self.put("/srv/app/package.json", json.dumps({"name": "app", "version": "1.0.0"}))
        rows = self.query("SELECT purl FROM npm_packages ORDER BY purl")
        self.assertEqual([row["purl"] for row in rows],
                         ["pkg:npm/%40s/b@1.0.0", "pkg:npm/a@1.0.0", "pkg:npm/c@1.0.0"])


class Java(Image):
    def test_reads_debians_jars(self):
        jars = [jar for jar in JAVA_SITE.glob("*.jar") if not jar.is_symlink()]
        self.assertGreater(len(jars), 0)
        for jar in jars:
            self.take(jar)
        found = {row["path"] for row in self.query("SELECT path FROM java_archives")}
        self.assertEqual(found, {str(jar) for jar in jars})
        # Every artifact that unzip would show.
        expected = set()
        for jar in jars:
            with zipfile.ZipFile(jar) as opened:
                expected |= {(str(jar), name.split("/")[3]) for name in opened.namelist()
                             if name.startswith("META-INF/maven/") and name.endswith("/pom.properties")}
        rows = {(row["path"], row["name"]) for row in
                self.query("SELECT path, name FROM java_archives WHERE source = 'maven'")}
        self.assertEqual({row for row in expected if row not in rows}, set())

    def test_finds_a_known_bad_library_wherever_it_hides(self):
        log4j = archive(pom("org.apache.logging.log4j", "log4j-core", "2.14.1"))
        stored = archive(("BOOT-INF/lib/log4j.jar", log4j), compression=zipfile.ZIP_STORED)
        self.put("/opt/a/plain.jar", log4j)
        self.put("/opt/b/boot.jar", b"#!/bin/sh\nexec java -jar $0\n" + stored)
        self.put("/opt/c/web.war", archive(("WEB-INF/lib/log4j.jar", log4j), comment=b"x" * 60000))
        rows = self.query("SELECT path FROM java_archives WHERE purl = "
                          "'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1' ORDER BY path")
        self.assertEqual([row["path"] for row in rows],
                         ["/opt/a/plain.jar", "/opt/b/boot.jar", "/opt/c/web.war"])

    def test_a_broken_archive_is_never_silent(self):
        whole = archive(pom("g", "a", "1"))
        self.put("/opt/cut.jar", whole[:-10])
        self.put("/opt/empty.jar", b"")
        self.put("/opt/bomb.war", archive(("x.jar", b"\0" * (64 << 20))))
        rows = self.query("SELECT path, nested FROM java_archives WHERE note IS NOT NULL AND "
                          "name IS NULL ORDER BY path, nested")
        self.assertEqual([(row["path"], row["nested"]) for row in rows],
                         [("/opt/bomb.war", None), ("/opt/bomb.war", "x.jar"),
                          ("/opt/cut.jar", None), ("/opt/empty.jar", None)])


class Go(Image):
    def test_reads_the_build_info_of_debians_programs(self):
        self.take(GO_PROGRAM)
        rows = self.query("SELECT kind, module, go_version, package, note FROM go_binaries "
                          f"WHERE path = '{GO_PROGRAM}' ORDER BY kind")
        self.assertEqual([row["kind"] for row in rows], ["main", "standard_library"])
        self.assertEqual(rows[0]["package"], "filippo.io/age/cmd/age")
        self.assertIsNone(rows[0]["note"])
        # The same version stands in the program as text.
        self.assertIn(rows[0]["go_version"].encode(), GO_PROGRAM.read_bytes())


if __name__ == "__main__":
    unittest.main()
