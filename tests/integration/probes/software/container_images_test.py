#!/usr/bin/env python3
"""container_images against podman, Docker and containerd: what they list of images of our own.

The engines run with data folders of the test's own and are asked over sockets in them; no container is
started, nothing is fetched, and their network is not that of the machine.
"""
import json
import tarfile

from real_installations import CannotRun, must, run_tests, user_environment


def layer(machine):
    content = machine.folder / "f"
    content.write_text("hello\n")
    archive = machine.folder / "layer.tar"
    with tarfile.open(archive, "w") as out:
        out.add(content, "f")
    return archive


def canary_free(rows):
    return "canary" not in json.dumps(rows)


def test_podmans_images_are_those_that_it_lists(machine):
    storage = machine.root / "var/lib/containers/storage"

    def podman(*arguments):
        return must("podman", "--root", storage, "--runroot", machine.folder / "run",
                    "--storage-driver", "vfs", *arguments)
    try:
        podman("import", "--change", "ENV TOKEN=canary", layer(machine), "registry.example:5000/team/app:1.2")
    except AssertionError as why:
        raise CannotRun(str(why)) from why
    podman("tag", "registry.example:5000/team/app:1.2", "localhost/other:latest")
    expected = {(image["Id"], name) for image in json.loads(podman("images", "--format", "json"))
                for name in image["Names"]}
    rows = machine.query("SELECT * FROM container_images")
    assert {(row["id"].removeprefix("sha256:"), f"{row['name']}:{row['tag']}") for row in rows} == expected, rows
    assert all(row["architecture"] and row["size"] and row["created"] for row in rows), rows
    assert canary_free(rows), rows


def test_dockers_images_are_those_that_it_lists(machine):
    data, socket = machine.root / "var/lib/docker", machine.folder / "sock"

    def docker(*arguments):
        return must("docker", "-H", f"unix://{socket}", *arguments)
    server = machine.start("unshare", "--net", "dockerd", "--data-root", data, "--exec-root", machine.folder / "exec", "-p",
                           machine.folder / "pid", "--bridge=none", "--iptables=false",
                           "--ip6tables=false", "-s", "vfs", "-H", f"unix://{socket}",
                           until=socket.exists)
    archive = layer(machine)
    docker("import", "--change", "ENV TOKEN=canary", archive, "team/app:1.2")
    docker("tag", "team/app:1.2", "registry.example:5000/team/app:latest")
    docker("import", archive)  # without a name
    context = machine.folder / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM team/app:1.2\nCOPY Dockerfile /g\n")
    must("docker", "-H", f"unix://{socket}", "build", "-t", "built:1", context,
         env={**user_environment(machine.folder), "DOCKER_BUILDKIT": "0"})
    ids = docker("images", "-a", "-q", "--no-trunc").split()
    expected = {(entry["Id"], name or None, entry["Size"], entry["Architecture"])
                for entry in json.loads(docker("inspect", *set(ids)))
                for name in entry["RepoTags"] or [None]}
    machine.stop(server)
    rows = machine.query("SELECT * FROM container_images WHERE engine = 'docker'")
    found = {(row["id"], row["name"] and f"{row['name']}:{row['tag']}", row["size"], row["architecture"])
             for row in rows}
    assert found == expected, (found, expected)
    assert canary_free(rows), rows
    assert machine.query("SELECT note FROM container_images WHERE engine = 'containerd'") == []


def test_containerds_images_are_those_that_it_lists(machine):
    data, socket = machine.root / "var/lib/containerd", machine.folder / "sock"
    settings = machine.folder / "config.toml"
    settings.write_text(f'version = 2\nroot = "{data}"\nstate = "{machine.folder}/state"\n'
                        'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
                        f'[grpc]\naddress = "{socket}"\n')

    def ctr(*arguments):
        return must("ctr", "-a", socket, "-n", "k8s.io", *arguments)
    server = machine.start("unshare", "--net", "containerd", "-c", settings, until=socket.exists)
    storage = ("--root", machine.folder / "storage", "--runroot", machine.folder / "run",
               "--storage-driver", "vfs")
    must("podman", *storage, "import", layer(machine), "docker.io/team/app:1.2")
    saved = machine.folder / "saved.tar"
    must("podman", *storage, "save", "-o", saved, "docker.io/team/app:1.2")
    ctr("images", "import", "--snapshotter", "native", saved)
    # So many that the tree of the database gets branches.
    for number in range(60):
        ctr("images", "tag", "docker.io/team/app:1.2", f"registry.example:5000/many:{number}")
    expected = {tuple(line.split()[:3:2]) for line in ctr("images", "ls").splitlines()[1:]}
    machine.stop(server)
    rows = machine.query("SELECT * FROM container_images")
    assert {(f"{row['name']}:{row['tag']}", row["digest"]) for row in rows} == expected, rows
    assert {row["namespace"] for row in rows} == {"k8s.io"} and len(rows) == 61, rows


if __name__ == "__main__":
    run_tests(globals(), ["podman", "docker", "dockerd", "containerd", "ctr", "unshare"])
