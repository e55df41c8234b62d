"""A Jupyter kernel for C#: ipykernel's wrapper class in front of the process that runs the cells.

The process speaks one JSON object a line over its standard input and output; see KernelHost.cs.
`ftk kernel install` puts this file beside a kernel.json that names the process.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading

START_SECONDS = 60
LOG_LINES = 40


class Host:
    """The process, its requests and its events."""

    def __init__(self):
        self.command = json.loads(os.environ["FINETUNEKIT_HOST"])
        self.requests = 0
        self.launch()

    def start(self):
        """Waits until the process can be asked, and starts it again where it has ended."""
        if self.process.poll() is not None:
            self.launch()
        if self.ready:
            return
        first = self.events.get(timeout=START_SECONDS)
        if first is None or first.get("event") != "ready":
            raise RuntimeError(self.describe_end())
        self.ready = True

    def launch(self):
        self.ready = False
        # A session of its own: an interrupt of the kernel's group must not end it, it is told in words.
        self.log = tempfile.TemporaryFile()
        self.events = queue.Queue()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            start_new_session=os.name != "nt",
        )
        threading.Thread(target=self._read, args=(self.process, self.events), daemon=True).start()

    @staticmethod
    def _read(process, events):
        for line in process.stdout:
            try:
                events.put(json.loads(line))
            except ValueError:
                # Native code may write past the console's writers.
                events.put({"event": "stream", "name": "stdout", "text": line.decode("utf-8", "replace")})
        events.put(None)

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode("utf-8") + b"\n")
        self.process.stdin.flush()

    def request(self, method, on_event=None, **fields):
        """Sends a request and gives its reply; an interrupt on the way is passed on."""
        self.start()
        self.requests += 1
        number = self.requests
        self.send({"id": number, "method": method, **fields})
        while True:
            try:
                event = self.events.get()
            except KeyboardInterrupt:
                self.send({"method": "interrupt"})
                continue
            if event is None:
                raise RuntimeError(self.describe_end())
            if event.get("event") == "reply":
                if event["id"] == number:
                    if "failed" in event:
                        raise RuntimeError(event["failed"])
                    return event
            elif on_event is not None:
                on_event(event)

    def describe_end(self):
        code = self.process.wait()
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").splitlines()[-LOG_LINES:]
        return "\n".join([f"the process behind the kernel ended with code {code}; its variables are lost, the next cell starts a new one", *lines])

    def stop(self):
        if self.process.poll() is not None:
            return
        try:
            self.process.stdin.close()
            self.process.wait(timeout=5)
        except (subprocess.TimeoutExpired, OSError):
            self.process.kill()
            self.process.wait()


# The process starts while Python still imports what follows.
HOST = Host()

from ipykernel.kernelapp import IPKernelApp  # noqa: E402
from ipykernel.kernelbase import Kernel  # noqa: E402


class FineTuneKitKernel(Kernel):
    implementation = "finetunekit"
    implementation_version = "0.1.0"
    banner = "C# 14 in FineTuneKit"
    language_info = {
        "name": "C#",
        "version": "14.0",
        "mimetype": "text/x-csharp",
        "file_extension": ".cs",
        "pygments_lexer": "csharp",
        "codemirror_mode": "text/x-csharp",
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.host = HOST
        self.past = []

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, *, cell_meta=None, cell_id=None):
        if store_history:
            self.past.append((0, len(self.past) + 1, code))
        if not code.strip():
            return self._reply("ok")

        def show(event):
            if not silent:
                self._show(event)

        try:
            reply = self.host.request("execute", on_event=show, code=code, count=self.execution_count)
        except (RuntimeError, OSError, queue.Empty) as error:
            reply = {"status": "error", "ename": "KernelError", "evalue": str(error), "traceback": str(error).splitlines()}
            print(error, file=sys.__stderr__, flush=True)
        if reply["status"] == "ok":
            return self._reply("ok")
        error = {key: reply[key] for key in ("ename", "evalue", "traceback")}
        if not silent:
            self.send_response(self.iopub_socket, "error", error)
        return {**self._reply("error"), **error}

    def _reply(self, status):
        return {"status": status, "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    def _show(self, event):
        kind = event["event"]
        if kind == "stream":
            self.send_response(self.iopub_socket, "stream", {"name": event["name"], "text": event["text"]})
        elif kind in ("display", "update"):
            name = "display_data" if kind == "display" else "update_display_data"
            self.send_response(self.iopub_socket, name, {"data": event["data"], "metadata": {}, "transient": {"display_id": event["display_id"]}})
        elif kind == "result":
            self.send_response(self.iopub_socket, "execute_result", {"data": event["data"], "metadata": {}, "execution_count": self.execution_count})
        elif kind == "clear":
            self.send_response(self.iopub_socket, "clear_output", {"wait": event["wait"]})

    def do_complete(self, code, cursor_pos):
        cursor_pos = len(code) if cursor_pos is None else cursor_pos
        reply = self._ask("complete", code=code, cursor=cursor_pos) or {"matches": [], "kinds": [], "start": cursor_pos, "end": cursor_pos}
        types = [
            {"text": text, "type": kind, "start": reply["start"], "end": reply["end"]}
            for text, kind in zip(reply["matches"], reply["kinds"])
        ]
        return {
            "status": "ok", "matches": reply["matches"], "cursor_start": reply["start"], "cursor_end": reply["end"],
            "metadata": {"_jupyter_types_experimental": types},
        }

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        reply = self._ask("inspect", code=code, cursor=cursor_pos) or {"found": False, "text": ""}
        data = {"text/plain": reply["text"]} if reply["found"] else {}
        return {"status": "ok", "found": reply["found"], "data": data, "metadata": {}}

    def do_is_complete(self, code):
        reply = self._ask("is_complete", code=code) or {"status": "unknown"}
        return {key: reply[key] for key in ("status", "indent") if key in reply}

    def _ask(self, method, **fields):
        # What an editor asks by the way must not disturb: without an answer there is none.
        try:
            return self.host.request(method, **fields)
        except (RuntimeError, OSError, queue.Empty) as error:
            print(error, file=sys.__stderr__, flush=True)
            return None

    def do_history(self, hist_access_type, output, raw, session=None, start=None, stop=None, n=None, pattern=None, unique=False):
        past = self.past
        if hist_access_type == "range":
            first = 1 if start is None else start
            past = [entry for entry in past if entry[1] >= first and (stop is None or entry[1] < stop)]
        elif hist_access_type == "search":
            import fnmatch

            past = [entry for entry in past if fnmatch.fnmatch(entry[2], pattern or "*")]
            if unique:
                past = list({entry[2]: entry for entry in past}.values())
        if hist_access_type != "range" and n is not None:
            past = past[-n:] if n > 0 else []
        return {"status": "ok", "history": [(s, line, (code, None)) if output else (s, line, code) for s, line, code in past]}

    def do_shutdown(self, restart):
        self.host.stop()
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    # Python puts the script's folder first on its path, and this one holds nothing to import.
    IPKernelApp.launch_instance(kernel_class=FineTuneKitKernel)
