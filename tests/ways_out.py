"""How Python in a page could try to get out of it."""

# Each program tries to reach another origin; it raises when it cannot.
WAYS_OUT = {
    "urllib": "import urllib.request\nurllib.request.urlopen('https://example.org/')",
    "socket": "import socket\nsocket.create_connection(('example.org', 443), 2).send(b'x')",
    "js": "import js\njs.fetch('https://example.org/')",
    "js taken again": "import sys, importlib\nimportlib.import_module('js').XMLHttpRequest.new()",
    "pyodide_js": "import pyodide_js\npyodide_js.loadPackage('https://example.org/a.whl')",
    "pyodide.http": "from pyodide.http import open_url\nopen_url('https://example.org/')",
    "run_js": "from pyodide.code import run_js\nrun_js(\"import('https://example.org/a.js')\")",
    "core": "import _pyodide_core\n_pyodide_core.run_js('self.fetch(\"https://example.org/\")')",
    "a function of the page": "import sys\nsys.stdout.say.constructor('return import(\"https://example.org/a.js\")')()",
    "an array": "from pyodide.ffi import to_js\nto_js([]).constructor.constructor('return fetch(\"https://example.org/\")')()",
    "a promise": "from pyodide.ffi import to_js\nto_js([]).map.constructor('return 1')()",
    "micropip": "import micropip",
}
