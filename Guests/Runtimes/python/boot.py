# Runs /code/main.py. The interpreter gets this text behind -c, so that nothing is guessed of the script's kind.
def run():
    import linecache
    import os
    import sys

    path = "/code/main.py"
    sys.argv[:1] = [path]
    # What has to lie in a folder, since it reads files beside itself.
    sys.path.insert(0, "/usr/local/lib/site")
    # matplotlib keeps a cache, where there is a place for it.
    if os.path.isdir("/tmp"):
        os.environ.setdefault("MPLCONFIGDIR", "/tmp")
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        sys.exit(f"there is no script to run: {error}")
    # Text, and nothing else: no coding line is followed, no archive opened, no bytecode loaded.
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        sys.exit(f"{path} is not text in UTF-8: byte {error.start}")
    # A traceback shows the lines that ran, and does not read the file by its coding line.
    linecache.cache[path] = (len(content), None, text.splitlines(True), path)
    module = sys.modules["__main__"]
    vars(module).pop("run", None)
    module.__file__ = path
    try:
        exec(compile(text, path, "exec", dont_inherit=True), vars(module))
    except Exception as error:
        # Without the frame above the script's own.
        error = error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)


run()
