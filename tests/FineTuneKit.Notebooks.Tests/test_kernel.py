"""The kernel as Jupyter sees it: jupyter_kernel_test's cases, nbclient, and what a front end does to a kernel.

Run by JupyterKernelTests.cs; JUPYTER_PATH names the folder into which the kernel was installed.
"""

import os
import signal
import time
import unittest

import jupyter_kernel_test
import nbformat
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

KERNEL = "finetunekit"
SECONDS = 120


class KernelCases(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oh no");'
    completion_samples = [{"text": "Console.WriteL", "matches": {"WriteLine"}}, {"text": "#!tim", "matches": {"#!time"}}]
    complete_code_samples = ["1 + 1", "int a = 1;", "for (int i = 0; i < 3; i++) { }"]
    incomplete_code_samples = ["for (int i = 0; i < 3; i++) {", "Console.WriteLine(", "class C {"]
    invalid_code_samples = ["int x = = 1;", "#!nothing"]
    code_generate_error = 'throw new Exception("x");'
    code_execute_result = [{"code": "1 + 2 + 3", "result": "6"}, {"code": '"a" + "b"', "result": "ab"}]
    code_display_data = [
        {"code": 'display(HTML("<b>x</b>"));', "mime": "text/html"},
        {"code": '#r "FineTuneKit.dll"\nusing FineTuneKit.Charts;\n'
                 'display(new LineChart { Title = "t", Reading = "r", X = new Axis("x"), Y = new Axis("y"), Lines = [new LineSeries("l", [0, 1], [1, 2])] });',
         "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1 + 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console"
    code_clear_output = ""


class FrontEnd(unittest.TestCase):
    def setUp(self):
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL, startup_timeout=SECONDS)

    def tearDown(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def run_cell(self, code):
        messages = []
        reply = self.client.execute_interactive(code, timeout=SECONDS, output_hook=messages.append)
        return reply["content"], messages

    def test_updates_keep_their_display(self):
        _, messages = self.run_cell('var d = display("one"); d.Update("two");')
        shown = [m for m in messages if m["msg_type"] in ("display_data", "update_display_data")]
        self.assertEqual(["display_data", "update_display_data"], [m["msg_type"] for m in shown])
        self.assertEqual(1, len({m["content"]["transient"]["display_id"] for m in shown}))

    def test_output_comes_while_the_cell_runs(self):
        started, times = time.monotonic(), []
        self.client.execute_interactive(
            'Console.WriteLine("first"); await Task.Delay(2000);', timeout=SECONDS,
            output_hook=lambda m: times.append(time.monotonic() - started) if m["msg_type"] == "stream" else None,
        )
        self.assertGreater(time.monotonic() - started - times[0], 1.5)

    def test_interrupt_ends_a_loop_and_keeps_variables(self):
        self.run_cell("int kept = 7;")
        request = self.client.execute("while (true) { }")
        time.sleep(2)
        os.killpg(os.getpgid(self.manager.provisioner.pid), signal.SIGINT)
        reply = self.client.get_shell_msg(timeout=SECONDS)
        while reply["parent_header"].get("msg_id") != request:
            reply = self.client.get_shell_msg(timeout=SECONDS)
        self.assertEqual("Interrupted", reply["content"]["ename"])
        time.sleep(1)
        _, messages = self.run_cell("kept")
        self.assertIn("7", [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"])

    def test_a_process_that_dies_is_said_and_replaced(self):
        content, _ = self.run_cell("Environment.Exit(3);")
        self.assertEqual("error", content["status"])
        self.assertIn("code 3", content["evalue"])
        time.sleep(1)
        content, _ = self.run_cell("1 + 1")
        self.assertEqual("ok", content["status"])

    def test_restart_forgets(self):
        self.run_cell("int gone = 1;")
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=SECONDS)
        content, _ = self.run_cell("gone")
        self.assertEqual("CompilationError", content["ename"])


class Client(unittest.TestCase):
    def test_nbclient_runs_a_notebook(self):
        cells = [nbformat.v4.new_code_cell(c) for c in ("int a = 20;", "Console.WriteLine(a); a + 1")]
        notebook = nbformat.v4.new_notebook(cells=cells)
        NotebookClient(notebook, kernel_name=".net-csharp", timeout=SECONDS).execute()
        self.assertEqual(["stream", "execute_result"], [o["output_type"] for o in notebook.cells[1].outputs])
        self.assertEqual("21", notebook.cells[1].outputs[1]["data"]["text/plain"])


if __name__ == "__main__":
    unittest.main()
