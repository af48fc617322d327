"""cmake --install puts the plugin where it is told to, or below DESTDIR, as root and as another user; nowhere else. The target
uninstall removes that, and nothing else. The package holds what README links to."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

from harness import tshark

CMAKE = os.environ.get("DNSRCODE_CMAKE") or shutil.which("cmake")
NOBODY = 65534


def attempt(words, user, home):
    """As nobody when root asks for it."""
    prefix = tshark.as_nobody() if user == "nobody" else []
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run([*prefix, *map(str, words)], env=environment, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, cwd="/")


def command(words, user, home):
    done = attempt(words, user, home)
    assert done.returncode == 0, f"{' '.join(map(str, words))} as {user}:\n{done.stdout[-800:]}{done.stderr[-800:]}"
    return done.stdout


def files_below(path):
    return sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file())


def copy_of_source(place):
    """A user who is not root can read neither a checkout below /root nor write into this one."""
    source = place / "source"
    for part in ("plugin", "cmake", "profile", "docs"):
        shutil.copytree(tshark.SOURCE / part, source / part)
    for part in ("CMakeLists.txt", "packet-dnsrcode.c", "README.md", "CONTRIBUTING.md"):
        shutil.copy(tshark.SOURCE / part, source / part)
    return source


def prebuilt(build):
    """The plugin just built stands in for a build of its own: this is about where it goes."""
    shutil.copyfile(tshark.plugin_file(), build / "dnsrcode.so")


def check_user(user, place):
    home, build, source = place / "home", place / "build", copy_of_source(place)
    home.mkdir()
    build.mkdir()
    if user == "nobody":
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(place)], check=True)
    configure = [CMAKE, "-S", source, "-B", build, "-DDNSRCODE_TESTS=OFF"]
    said = command(configure, user, home)
    assert "cmake --install" in said, "the configuration does not say where the plugin will go"

    prebuilt(build)
    command(["env", f"DESTDIR={place / 'stage'}", CMAKE, "--install", build], user, home)
    staged = files_below(place / "stage")
    assert len(staged) == 1 and staged[0].endswith("/epan/dnsrcode.so"), f"staged: {staged}"
    personal = ".local/lib/wireshark/plugins" in staged[0]
    assert personal == (user != "root"), f"as {user} the plugin goes to {staged[0]}"

    chosen = place / "chosen"
    command([*configure, f"-DDNSRCODE_PLUGIN_DIR={chosen}"], user, home)
    command([CMAKE, "--install", build], user, home)
    assert files_below(chosen) == ["dnsrcode.so"], f"chosen directory: {files_below(chosen)}"
    assert files_below(home) == [], f"files in HOME: {files_below(home)}"
    check_uninstall(user, home, build, chosen)
    if user == "nobody":
        check_root_refused(configure, build, home)
    check_package(user, home, build, place / "package")


def check_uninstall(user, home, build, chosen):
    """Its own file goes; one that came into its place stays, and that is an error; a second time there is nothing to do."""
    uninstall = [CMAKE, "-P", build / "uninstall.cmake"]
    plugin = chosen / "dnsrcode.so"
    plugin.write_bytes(b"of a package")
    done = attempt(uninstall, user, home)
    assert done.returncode != 0 and plugin.exists() and "NOT removed" in done.stderr, f"another's file: {done.stdout}{done.stderr}"
    assert f"removed {plugin}\n" not in done.stdout, "it says that it removed what is there"
    command([CMAKE, "--install", build], user, home)
    said = command(uninstall, user, home)
    assert f"removed {plugin}\n" in said and not plugin.exists(), f"uninstall: {said}"
    said = command(uninstall, user, home)
    assert "Nothing was installed" in said, f"the second time: {said}"


def check_root_refused(configure, build, home):
    """Configured by a user, installed with sudo: neither into the user's folder nor half-way."""
    command([*configure, "-DDNSRCODE_PLUGIN_DIR="], "nobody", home)
    prebuilt(build)
    done = attempt([CMAKE, "--install", build], "root", home)
    assert done.returncode != 0 and "configured by a user who is not root" in done.stderr, done.stderr
    assert files_below(home) == [], f"files in HOME: {files_below(home)}"
    command([CMAKE, "--install", build], "nobody", home)
    assert [pathlib.Path(name).name for name in files_below(home)] == ["dnsrcode.so"], files_below(home)
    command([CMAKE, "-P", build / "uninstall.cmake"], "nobody", home)
    assert files_below(home) == [], f"left in HOME: {files_below(home)}"


def check_package(user, home, build, place):
    command([CMAKE, "--install", build, "--component", "package", "--prefix", place], user, home)
    documents = place / "share" / "doc" / "wireshark-plugin-dnsrcode"
    for page in [documents / "README.md", *documents.glob("docs/*.md")]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            assert link.startswith("http") or (page.parent / link).exists(), f"the package lacks what {page.name} links to: {link}"


def main():
    users = ["root", "nobody"] if os.geteuid() == 0 else ["this user"]
    for user in users:
        place = pathlib.Path(tshark.scratch()) / user.replace(" ", "-")
        place.mkdir()
        check_user(user, place)
        print(f"installed as {user}")


try:
    main()
except (AssertionError, tshark.HarnessError) as problem:
    sys.exit(str(problem))
