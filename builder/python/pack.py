"""Pack: compile the parts, leave out what no page can use, and write two archives.

This runs in the Python of the pages itself (``pack.mjs``), over the folders /parts and /made.
"""

import importlib.util
import io
import marshal
import re
import tarfile
import zipfile
from pathlib import Path

PARTS, MADE = Path("/parts"), Path("/made")
PYC = importlib.util.MAGIC_NUMBER + bytes(12)  # neither a date nor a hash of the source is looked at
SITE = "/lib/python3.12/site-packages"

# What a page cannot use: other machines, processes, sockets, terminals, servers, debuggers; tests; text in old encodings.
LEFT_OUT = {
    "python_stdlib.zip": r"(?!encodings/cp437)encodings/(big|cp|euc|gb|hp|hz|iso|jo|kz|mac|mbcs|oem|palm|ptcp|shift|tis|bz2|koi|uu|zlib)"
    r"|(asyncio/windows|ctypes/macholib|curses|dbm|distutils|ensurepip|idlelib"
    r"|lib2to3|multiprocessing/(popen|forkserver|spawn)|pydoc_data|sqlite3|tkinter|turtle|unittest/async"
    r"|venv|wsgiref|xml/sax|xmlrpc|http/server|site-packages|__phello__)"
    r"|(__hello__|_aix|_android|_apple|_ios|_osx|_pydecimal|_pyio|aifc|antigravity|cProfile|cgi|cgitb|chunk|compileall"
    r"|crypt|filecmp|fileinput|ftplib|imaplib|imghdr|mailbox|mailcap|modulefinder|msilib|netrc|nntplib|nturl2path"
    r"|optparse|pickletools|pipes|plistlib|poplib|profile|pstats|pty|py_compile|pyclbr|rlcompleter|sched|smtplib|sndhdr|socketserver"
    r"|sunau|symtable|tabnanny|telnetlib|this|trace|turtle|uu|wave|webbrowser|xdrlib|zipapp)\.py"
    r"|.*\.(txt|pyc)$",
    "numpy": r".*(/tests/|\.(pyi|a|h|c|typed|pxd|pyx|txt|md|build|ini|in|conf)$|conftest\.py)|numpy/(f2py|distutils|_pyinstaller)"
    r"|numpy/_core/(_(operand_flag|rational|struct_ufunc|umath)_tests|_simd)\.",
    "keras": r".*(_test\.py$|/testing/)|keras/src/(backend/(jax|tensorflow|torch|openvino)/(?!__init__)|backend/tests)",
    "rich": r"rich/(_win|__main__|diagnose|progress|syntax|markdown|traceback|prompt|spinner|_spinners|layout|logging|inspect|_inspect|status|live)"
    r"|rich/_unicode_data/unicode(?!17)",
    "absl_py": r"absl/testing/",
    "packaging": r"packaging/(licenses|_elffile|_manylinux|_musllinux|pylock|direct_url|dependency_groups|metadata|tags)",
}


def compiled(source: bytes, name: str, optimize: int) -> bytes:
    return PYC + marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=optimize))


def members(wheel: zipfile.ZipFile, left_out: str):
    """(name, content) of what is kept of an archive, in order."""
    for name in sorted(wheel.namelist()):
        if not (name.endswith("/") or ".dist-info/" in name or re.match(left_out, name)):
            yield name, wheel.read(name)


with zipfile.ZipFile(MADE / "python_stdlib.zip", "w") as library:  # stored: it is compressed as a whole
    with zipfile.ZipFile(PARTS / "python_stdlib.zip") as source:
        for name, content in members(source, LEFT_OUT["python_stdlib.zip"]):
            if name.endswith(".py"):
                name, content = f"{name}c", compiled(content, f"/lib/python312.zip/{name}", 2)
            library.writestr(zipfile.ZipInfo(name), content)

with tarfile.open(MADE / "packages.tar", "w", format=tarfile.GNU_FORMAT) as archive:

    def add(name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))

    for path in sorted(PARTS.glob("*.whl")):
        package = path.name.partition("-")[0]
        # NumPy writes documents into its functions when it is imported, and fails without their first halves
        optimize = 1 if package == "numpy" else 2
        with zipfile.ZipFile(path) as wheel:
            for name, content in members(wheel, LEFT_OUT.get(package, "$.")):
                if name.endswith(".py"):
                    name, content = f"{name}c", compiled(content, f"{SITE}/{name}", optimize)
                add(name, content)
    for path in sorted(PARTS.glob("*.py")):
        add(f"{path.stem}.pyc", compiled(path.read_bytes(), f"{SITE}/{path.name}", 0))
