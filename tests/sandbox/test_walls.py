"""What learners' code can reach, behind each kind of walls, and what honest code can still do."""

import json
import os
import socket
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import skillmap
from skillmap.sandbox import Gate, NoWallsError, Rung, Sandbox
from skillmap.sandbox.new_root import listable_paths, readable_paths
from tests.sandbox.boxes import ended_by, opened, printed, said
from tests.sandbox.ordinary_user import CANNOT, run_as_user

pytestmark = pytest.mark.slow

SECRET = "a secret of the grader's"
CHECKOUT = Path(skillmap.__file__).parents[1]

# Each expression is True, or gives something, where a wall is missing.
PROBES = {
    "read the package": "os.listdir(CHECKOUT + '/skillmap')",
    "read a module of the package": "open(CHECKOUT + '/skillmap/errors.py').read()",
    "list the assignments": "os.listdir(CHECKOUT + '/assessments/source')",
    "read a file of the machine": "open(FILE).read()",
    "write to a file of the machine": "open(FILE, 'a')",
    "rename a file of the machine": "os.rename(FILE, FILE + '2') is None",
    "remove a file of the machine": "os.unlink(FILE) is None",
    "change the rights of a file": "os.chmod(FILE, 0o777) is None",
    "change the times of a file": "os.utime(FILE) is None",
    "link to a file of the machine": "os.link(FILE, 'linked') is None",
    "follow a symbolic link": "os.symlink(FILE, 'l') is None and open('l').read()",
    "list the homes": "os.listdir('/home')",
    "list the processes": "os.listdir('/proc')",
    "see the hardware": "os.listdir('/sys')",
    "read the passwords": "open('/etc/shadow').read()",
    "read the settings": "open('/etc/hostname').read()",
    "write beside Python": "open(os.path.dirname(os.__file__) + '/x.py', 'w')",
    "write to the root folder": "open('/x', 'w')",
    "write among the devices": "open('/dev/x', 'w')",
    "read the environment": "any(SECRET in one for one in os.environ.values())",
    "read the environment of C": "libc.getenv(b'SKILLMAP_SECRET')",
    "read the grader's memory": "open(f'/proc/{GRADER}/mem', 'rb')",
    "read the grader's environment": "open(f'/proc/{GRADER}/environ', 'rb').read()",
    "signal the grader": "os.kill(GRADER, 0) is None",
    "signal all": "os.kill(-1, 0) is None",
    "signal the parent": "os.getppid() and os.kill(os.getppid(), 0) is None",
    "trace itself for the parent": "call(101, 0)",
    "trace the grader": "call(101, 16, GRADER, 0, 0)",
    "read another's memory": "call(310, GRADER, 0, 0, 0, 0, 0)",
    "get another's file": "call(438, 3, 0, 0)",
    "slow the grader down": "os.setpriority(os.PRIO_PROCESS, GRADER, 19) is None",
    "take the grader's processors": "os.sched_setaffinity(GRADER, [0]) is None",
    "limit the grader": "resource.prlimit(GRADER, resource.RLIMIT_NOFILE, (9, 9))",
    "connect over TCP": "connects(socket.SOCK_STREAM, socket.AF_INET, ('127.0.0.1', PORT))",
    "send over UDP": "connects(socket.SOCK_DGRAM, socket.AF_INET, ('127.0.0.1', PORT))",
    "send over IPv6": "connects(socket.SOCK_DGRAM, socket.AF_INET6, ('::1', PORT))",
    "connect to an abstract socket": "connects(socket.SOCK_STREAM, socket.AF_UNIX, '\\0' + NAME)",
    "open a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "open a packet socket": "socket.socket(17, socket.SOCK_RAW)",
    "open a netlink socket": "socket.socket(16, socket.SOCK_RAW)",
    "open a virtual machine's socket": "socket.socket(40, socket.SOCK_STREAM)",
    "pair strange sockets": "socket.socketpair(30)",
    "be root": "os.getuid() == 0 or os.getgid() == 0",
    "become root": "os.setuid(0) is None",
    "have a capability": "libc.prctl(47, 2, 21, 0, 0) == 0",
    "gain rights by a program": "libc.prctl(39, 0, 0, 0, 0) != 1",
    "use the key ring": "call(250, 0, -3, 0)",
    "use io_uring": "call(425, 1, ctypes.create_string_buffer(120))",
    "load a program into the kernel": "call(321, 0, ctypes.create_string_buffer(64), 64)",
    "watch the hardware": "call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    "catch page faults": "call(323, 0)",
    "make namespaces": "call(272, 0x10000000)",
    "clone into namespaces": "call(56, 0x10000011, 0, 0, 0, 0)",
    "enter namespaces": "call(308, 0, 0)",
    "mount": "call(165, b'x', b'/tmp', b'tmpfs', 0, 0)",
    "mount anew": "call(428, -100, b'/', 1) or call(430, b'tmpfs', 0)",
    "change the root": "call(161, b'.')",
    "open by a handle": "call(304, -100, ctypes.create_string_buffer(64), 0)",
    "make a device": "os.mknod('d', 0o20666, os.makedev(1, 3)) is None",
    "share memory by a key": "call(29, 4711, 4096, 0o1666)",
    "make a message queue": "call(68, 4711, 0o1666) or call(240, b'q', 0o102, 0o666, 0)",
    "make a file in memory alone": "call(319, b'x', 0)",
    "lock a file": "call(73, 0, 6)",
    "make clone3 pass": "call(435, ctypes.create_string_buffer(88), 88)",
    "use another architecture's numbers": "call(135, 8)",
    "hide what it uses": "libc.prctl(4, 0, 0, 0, 0) == 0",
    "outlive the warm process": "libc.prctl(1, 0, 0, 0, 0) == 0",
    "compute for ever": "unlimited(resource.RLIMIT_CPU)",
    "use all memory": "unlimited(resource.RLIMIT_AS)",
    "write files without end": "unlimited(resource.RLIMIT_FSIZE)",
    "open files without end": "unlimited(resource.RLIMIT_NOFILE)",
    "leave a core": "resource.getrlimit(resource.RLIMIT_CORE)[1]",
    "lock memory": "resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]",
    "hold a handle of others": "handles_of_others()",
}
HONEST = {
    "import what is seldom used": "__import__('sqlite3') and __import__('statistics')",
    "import a large library late": "__import__('scipy.stats') and __import__('matplotlib.pyplot')",
    "know the time zones": "__import__('zoneinfo').ZoneInfo('Europe/Berlin')",
    "make temporary files": "__import__('tempfile').TemporaryFile('w').write('x')",
    "write and read files": "open('a', 'w').write('x') and open('a').read()",
    "throw output away": "open('/dev/null', 'w').write('x')",
    "read random numbers": "open('/dev/urandom', 'rb').read(4)",
    "keep a database": "database()",
    "use threads": "threads()",
    "look up encodings": "'ä'.encode('idna') and 'x'.encode('cp437')",
    "pair sockets": "[one.close() for one in socket.socketpair()]",
    "run an event loop": "__import__('asyncio').new_event_loop().close() is None",
    "signal itself": "os.kill(os.getpid(), 0) is None if HAS_PROCESSES else True",
    "know its limits": "resource.getrlimit(resource.RLIMIT_NOFILE)",
    "know who it is": "os.path.expanduser('~') and os.getcwd()",
    "change the rights of its own files": "os.chmod('a', 0o600) is None if HAS_PROCESSES else True",
    "make folders": "os.makedirs('b/c') is None and os.listdir('b')",
    "remove files": "os.remove('a') is None",
}
PROGRAMME = """
import ctypes, json, os, resource, socket
libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments): return libc.syscall(number, *arguments) >= 0
def unlimited(kind): return resource.getrlimit(kind)[1] == resource.RLIM_INFINITY

def connects(kind, family, address):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(address)
        return one.send(b"x")

def handles_of_others():
    own = {0, 1, 2}
    found = []
    for handle in range(3, 2000):
        try:
            mode = os.fstat(handle).st_mode
        except OSError:
            continue
        found.append(mode >> 12)
    return found.count(0o14) > 1 or set(found) - {0o14, 0o10}

def database():
    with __import__("sqlite3").connect("x.db") as base:
        base.execute("create table t(a)")
        return base.execute("select count(*) from t").fetchone()

def threads():
    import threading
    done = []
    one = threading.Thread(target=lambda: done.append(1))
    one.start()
    one.join()
    return done

def outcome(expression):
    try:
        return str(eval(expression) or "")[:200]
    except BaseException as error:
        return "" if isinstance(error, (OSError, PermissionError)) else f"broken: {error!r}"

def error_of(expression):
    try:
        eval(expression)
    except BaseException as error:
        return repr(error)
    return ""

print(json.dumps({
    "through": {name: outcome(one) for name, one in PROBES.items()},
    "missed": {name: error_of(one) for name, one in HONEST.items()},
}))
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    os.environ["SKILLMAP_SECRET"] = SECRET
    with Sandbox(Rung.NAMESPACES) as made:
        del os.environ["SKILLMAP_SECRET"]
        try:
            made.wait()
        except NoWallsError as error:
            pytest.skip(str(error))
        yield made


@pytest.fixture(scope="module")
def gate(sandbox: Sandbox) -> Gate:
    return sandbox.gate


@pytest.fixture(scope="module")
def bait() -> Iterator[dict[str, object]]:
    """What is to be had without walls."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        os.chmod(folder, 0o777)
        file = Path(folder, "gradebook.db")
        file.write_text("scores", encoding="utf-8")
        file.chmod(0o666)
        name = f"skillmap-{os.getpid()}"
        abstract.bind(f"\0{name}")
        abstract.listen()
        yield {
            "FILE": str(file),
            "PORT": server.getsockname()[1],
            "NAME": name,
            "CHECKOUT": str(CHECKOUT),
            "GRADER": os.getpid(),
            "SECRET": SECRET,
            "PROBES": PROBES,
            "HONEST": HONEST,
        }


@pytest.fixture(scope="module")
def tried(bait: dict[str, object]) -> SimpleNamespace:
    """Findings by rung; made when first asked for."""
    return SimpleNamespace(bait=bait, by_rung={})


def programme(bait: dict[str, object], *, has_processes: bool) -> str:
    lines = [f"{name} = {value!r}" for name, value in bait.items()]
    return "\n".join([*lines, f"HAS_PROCESSES = {has_processes}", PROGRAMME])


def findings(rung: Rung, tried: SimpleNamespace, request: pytest.FixtureRequest) -> dict:
    if rung not in tried.by_rung:
        code = programme(tried.bait, has_processes=rung is Rung.NAMESPACES)
        if rung is Rung.NAMESPACES:
            text = printed(request.getfixturevalue("gate"), code, cell_cpu_s=20, notebook_cpu_s=40)
        else:
            if os.getuid() != 0:
                pytest.skip(CANNOT)
            found = run_as_user("tests.sandbox.boxes", code, missing=["namespaces"])
            assert found["rung"] == "landlock", found
            text = found["said"]
        tried.by_rung[rung] = json.loads(text.splitlines()[-1])
    return tried.by_rung[rung]


@pytest.mark.parametrize("rung", [Rung.NAMESPACES, Rung.LANDLOCK])
@pytest.mark.parametrize("name", PROBES)
def test_learners_code_cannot(
    name: str, rung: Rung, tried: SimpleNamespace, request: pytest.FixtureRequest
) -> None:
    found = findings(rung, tried, request)

    assert found["through"][name] == ""


@pytest.mark.parametrize("rung", [Rung.NAMESPACES, Rung.LANDLOCK])
@pytest.mark.parametrize("name", HONEST)
def test_learners_code_can(
    name: str, rung: Rung, tried: SimpleNamespace, request: pytest.FixtureRequest
) -> None:
    found = findings(rung, tried, request)

    assert found["missed"][name] == ""


def test_a_network_is_said_to_be_unreachable(gate: Gate) -> None:
    text = printed(gate, "import socket; socket.create_connection(('192.0.2.1', 80), 2)")

    assert "Network is unreachable" in text


def test_other_programs_can_be_run_where_processes_are_ones_own(gate: Gate) -> None:
    text = printed(
        gate,
        "import subprocess\n"
        "print(subprocess.run(['ls', '/work'], stderr=subprocess.DEVNULL).returncode)\n"
        "print(subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout)",
    )

    assert "hello" in text


def test_the_checkout_is_not_there_even_by_name(gate: Gate) -> None:
    names = ("skillmap", "assessments", "curriculum", "pyproject.toml")
    paths = [str(CHECKOUT / name) for name in names]

    text = printed(gate, f"import os; print([p for p in {paths} if os.path.exists(p)])")

    assert text == "[]\n"


def test_the_zygote_has_forgotten_the_environment_that_it_was_started_in(gate: Gate) -> None:
    text = printed(gate, "import os; print(sorted(os.environ))")

    assert "SKILLMAP_SECRET" not in text


def test_two_boxes_at_one_time_do_not_see_each_other(gate: Gate) -> None:
    leave = (
        "import os, socket, ctypes\n"
        "open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')\n"
        "open('left', 'w').write('x')\n"
        "door = socket.socket(socket.AF_UNIX); door.bind('\\0left'); door.listen()\n"
        "print(os.getpid())"
    )
    find = (
        "import os, socket\n"
        "paths = ['/tmp/left', '/dev/shm/left', 'left']\n"
        "found = [path for path in paths if os.path.exists(path)]\n"
        "try:\n"
        "    socket.socket(socket.AF_UNIX).connect('\\0left'); found.append('door')\n"
        "except OSError as error:\n"
        "    pass\n"
        "for pid in range(2, 5000):\n"
        "    try:\n"
        "        os.kill(pid, 0); found.append(pid)\n"
        "    except OSError:\n"
        "        pass\n"
        "print(found)"
    )
    with opened(gate) as first, opened(gate) as second:
        list(first.run([(leave, False)]))

        outputs = next(second.run([(find, False)]))

    assert said(outputs) == "[]\n"


def test_a_box_is_as_it_was_for_the_next_learner(gate: Gate) -> None:
    folder = "import json, os, tempfile; folder = tempfile.gettempdir()\n"
    printed(gate, folder + "open(f'{folder}/left', 'w').write('x'); json.dumps = None")

    text = printed(gate, folder + "print(os.listdir(folder), json.dumps(1))")

    assert text == "[] 1\n"


LIMITS = {
    "memory of one process": ("x = bytearray(3_000_000_000)", "MemoryError"),
    "the size of a file": ("open('x', 'wb').write(bytes(100_000_000))", "OSError"),
    "the disk": (
        "for n in range(9): open(f'x{n}', 'wb').write(bytes(9_000_000))",
        "No space left on device",
    ),
    "the disk by temporary files": (
        "import tempfile\nfolder = tempfile.gettempdir()\n"
        "for n in range(9): open(f'{folder}/x{n}', 'wb').write(bytes(9_000_000))",
        "No space left on device",
    ),
    "files": ("for n in range(9000): open(f'x{n}', 'w')", "No space left on device"),
    "folders": ("import os\nfor n in range(9000): os.mkdir(f'x{n}')", "No space left on device"),
    "open files": ("x = [open('/dev/null') for n in range(2000)]", "Too many open files"),
    "processes": (
        "import os, time\nfor n in range(500):\n    if os.fork() == 0: time.sleep(60); os._exit(0)",
        "Resource temporarily unavailable",
    ),
    "threads": (
        "import threading, time\n"
        "for n in range(500): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "can't start new thread",
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_a_limit_stops_the_use_of(what: str, gate: Gate) -> None:
    source, expected = LIMITS[what]

    text = printed(gate, source, cell_cpu_s=20, notebook_cpu_s=40)

    assert expected in text


def test_memory_is_counted_over_all_processes_together(gate: Gate) -> None:
    source = (
        "import os, time\n"
        "for n in range(10):\n"
        "    if os.fork() == 0:\n"
        "        x = bytearray(60_000_000); x[::4096] = b'x' * len(x[::4096]); time.sleep(20)\n"
        "        os._exit(0)\n"
        "time.sleep(20)"
    )

    assert ended_by(gate, source, memory_bytes=200 << 20) == "memory"


def test_shared_memory_counts_too(gate: Gate) -> None:
    source = (
        "import mmap, os, time\n"
        "for n in range(10):\n"
        "    if os.fork() == 0:\n"
        "        x = mmap.mmap(-1, 60_000_000); x[::4096] = b'x' * len(x[::4096]); time.sleep(20)\n"
        "        os._exit(0)\n"
        "time.sleep(20)"
    )

    assert ended_by(gate, source, memory_bytes=200 << 20) == "memory"


def test_what_sockets_hold_counts_too(gate: Gate) -> None:
    source = (
        "import os, socket, time\n"
        "for n in range(20):\n"
        "    if os.fork() == 0:\n"
        "        held = [socket.socketpair() for _ in range(60)]\n"
        "        for a, b in held: a.setblocking(False); a.send(bytes(200_000))\n"
        "        time.sleep(20); os._exit(0)\n"
        "time.sleep(20)"
    )

    assert ended_by(gate, source, memory_bytes=200 << 20) == "memory"


def test_a_process_that_cannot_be_looked_into_counts_too(gate: Gate) -> None:
    source = (
        "import os, shutil, sys, subprocess, time\n"
        "code = 'x = bytearray(400_000_000); x[::4096] = bytes(len(x[::4096])); '\n"
        "code += 'import time; time.sleep(20)'\n"
        "shutil.copy(os.path.realpath(sys.executable), 'p'); os.chmod('p', 0o111)\n"
        "base = sys.base_prefix\n"
        "e = dict(os.environ, PYTHONHOME=base, LD_LIBRARY_PATH=base + '/lib')\n"
        "print(subprocess.run(['./p', '-S', '-c', code], env=e, capture_output=True))"
    )

    assert ended_by(gate, source, memory_bytes=200 << 20) == "memory"


def test_processor_time_of_all_processes_counts(gate: Gate) -> None:
    source = (
        "import os, time\n"
        "for n in range(4):\n"
        "    if os.fork() == 0:\n"
        "        while True: pass\n"
        "time.sleep(60)"
    )

    assert ended_by(gate, source, cell_cpu_s=1, notebook_cpu_s=30, wall_factor=40) == "cpu"


def test_ended_processes_have_used_their_time(gate: Gate) -> None:
    source = (
        "import os, time\n"
        "while True:\n"
        "    if os.fork() == 0:\n"
        "        end = time.process_time() + .2\n"
        "        while time.process_time() < end: pass\n"
        "        os._exit(0)\n"
        "    os.wait()"
    )

    assert ended_by(gate, source, cell_cpu_s=1, notebook_cpu_s=30, wall_factor=40) == "cpu"


def test_what_is_hidden_inside_pythons_folders_cannot_be_read_without_namespaces_either() -> None:
    packages = Path(sysconfig.get_paths()["purelib"])
    hidden = (str(packages / "numpy"),)

    readable = readable_paths(hidden)

    assert not any(hidden[0] == one or hidden[0].startswith(f"{one}/") for one in readable)
    assert str(packages / "pandas") in readable
    assert str(packages) in listable_paths(hidden)


def test_python_is_found_where_only_root_can_look_for_it(gate: Gate) -> None:
    text = printed(gate, f"import os; print(os.path.isdir({sys.base_prefix!r}))")

    assert text == "True\n"
