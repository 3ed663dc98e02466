"""The last line: whatever goes wrong uncaught, no light stays on."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

_MOST_FRAMES = 30


class CrashHook(QObject):
    """Replaces the hooks of the interpreter; `crashed` arrives in the thread of its receiver."""

    crashed = Signal()

    def install(self) -> None:
        """Take over uncaught errors of all threads and of Qt's callbacks."""
        sys.excepthook = self.handle
        threading.excepthook = self._handle_thread

    def report(self, problem: BaseException) -> None:
        """The same for an error that was caught at a border where nothing sensible can be done."""
        self.handle(type(problem), problem, problem.__traceback__)

    def handle(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        """Callable from any thread. Ctrl+C stays what it is."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        _write_down(kind, trace)
        try:
            self.crashed.emit()
        except RuntimeError:  # the window is gone already: no light is left
            return

    def _handle_thread(self, args: threading.ExceptHookArgs) -> None:
        problem = args.exc_value or args.exc_type()
        self.handle(args.exc_type, problem, args.exc_traceback)

    def tell(self, receiver: object) -> None:
        """Call `receiver` (a method of a Qt object) for each crash, always in its own thread."""
        self.crashed.connect(receiver, Qt.ConnectionType.QueuedConnection)


def _write_down(kind: type[BaseException], trace: TracebackType | None) -> None:
    """Kind and places to stderr. Not the message and not the variables: they may hold a key."""
    if sys.stderr is None:  # a windowed program on Windows has none
        return
    lines = [f"latchlight: {kind.__name__}"]
    while trace is not None and len(lines) < _MOST_FRAMES:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    try:
        sys.stderr.write("\n".join(lines) + "\n")
    except OSError:
        return
