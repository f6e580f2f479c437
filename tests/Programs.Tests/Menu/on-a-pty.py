"""Runs a program the way libxl runs a bootloader: on a new pty of 0 rows and 0 columns, in a session of its own, with TERM=vt100.

usage: on-a-pty.py STEPS PROGRAM [ARGUMENT...]
STEPS has a line for each step:
  wait TEXT     until the program has written TEXT since the last wait (Python escapes)
  type TEXT     keys (Python escapes)
  signal NUMBER to the program
  size ROWS COLUMNS
  hangup        closes the other end
Prints on standard output what the program wrote, all of it; then, as the last line, "exit STATUS, terminal same|different".
"""
import errno, fcntl, os, pty, select, signal, struct, sys, termios, time

steps = [line.split(" ", 1) for line in open(sys.argv[1]).read().splitlines()]
master, slave = os.openpty()
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.environ["TERM"] = "vt100"
    os.closerange(3, 100)
    os.execv(sys.argv[2], sys.argv[2:])
written, seen = b"", 0
limit = time.monotonic() + 60  # a step that never comes fails the test, it doesn't hang it

def pump(seconds):
    global written
    if master in select.select([master], [], [], seconds)[0]:
        try:
            written += os.read(master, 65536)
        except OSError as e:
            if e.errno != errno.EIO:
                raise

unescape = lambda text: text.encode("latin-1").decode("unicode_escape").encode("latin-1")
failed = None
for step in steps:
    if step[0] == "wait":
        wanted = unescape(step[1])
        while written.find(wanted, seen) < 0 and time.monotonic() < limit:
            pump(0.2)
        at = written.find(wanted, seen)
        if at < 0:
            failed = step[1]
            break
        seen = at + len(wanted)
    elif step[0] == "type":
        os.write(master, unescape(step[1]))
    elif step[0] == "signal":
        os.kill(pid, int(step[1]))
    elif step[0] == "size":
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *map(int, step[1].split()), 0, 0))
    elif step[0] == "hangup":
        os.close(slave)
        os.close(master)
        master = None
status = None
while status is None and time.monotonic() < limit and not failed:
    if master is not None:
        pump(0.05)
    else:
        time.sleep(0.05)
    done, code = os.waitpid(pid, os.WNOHANG)
    status = os.waitstatus_to_exitcode(code) if done else None
if status is None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
if master is not None:
    while select.select([master], [], [], 0)[0]:
        pump(0)
    same = "same" if termios.tcgetattr(slave) == before else "different"
else:
    same = "gone"
sys.stdout.buffer.write(written)
print(f"\nexit {status}, terminal {same}" if not failed else f"\nnever wrote {failed}")
