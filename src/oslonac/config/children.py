"""Child processes of `oslonac up`: starting, restarting with patience, ending.

Belongs here: one child and its restarts. Does not belong here: which children there are
(`supervisor`).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

# A child that lived this long was well; its next death starts from the shortest pause.
STEADY_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1


class Child:
    """A process that shall run for as long as the supervisor does; `once`: until it has ended
    well."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: dict[str, str],
        *,
        once: bool = False,
    ) -> None:
        self.name = name
        self.once = once
        self._done = False
        self.arguments = [sys.executable, *arguments]
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self._pause = 0.5
        self._started = 0.0
        self._retry_at = 0.0

    def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches the supervisor alone."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            self.arguments,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # Safe here: the supervisor has a single thread.
            preexec_fn=_end_with_parent,
        )

    def revive(self) -> str | None:
        """Restart it if it died and its pause is over; returns a sentence when it died."""
        if self._done:
            return None
        if self.process is None:
            if time.monotonic() >= self._retry_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        if self.once and code == 0:
            self._done = True
            return None
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._pause = 0.5
        self._retry_at = time.monotonic() + self._pause
        sentence = f"{self.name} ended with {_reason(code)}; starting it again."
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return sentence

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_end(self, deadline: float) -> None:
        """Wait for its end until `deadline` (monotonic seconds), then kill its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _end_with_parent() -> None:
    """On Linux, let the kernel end this child when the supervisor is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
