"""Stand-in for the pool of threads: what is handed to it is done at once.

Needed because WebAssembly has no threads here, and ``Model.predict`` calls its callbacks in a pool. Unnecessary once a page may
start threads, which GitHub Pages does not let it.
"""

import concurrent.futures


class InLine(concurrent.futures.Executor):
    def __init__(self, *arguments, **options):
        pass

    def submit(self, function, /, *arguments, **options):
        future = concurrent.futures.Future()
        try:
            future.set_result(function(*arguments, **options))
        except BaseException as error:
            future.set_exception(error)
        return future


def install():
    concurrent.futures.ThreadPoolExecutor = InLine
