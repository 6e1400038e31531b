#!/usr/bin/python3
"""Stands in for the control plane and the gateway: answers "<role> <pid>" on every socket it is handed.

A file named after the role in the state folder says what to do instead: crash, refuse, never-ready, standby, deaf (ignores SIGTERM).
"""
import os, selectors, signal, socket, sys, threading

role, arguments = sys.argv[1], sys.argv[2:]
state = arguments[arguments.index("--state") + 1]
try:
    behaviour = open(os.path.join(state, role)).read().strip()
except FileNotFoundError:
    behaviour = ""
link = socket.socket(fileno=int(os.environ["SANBASHI_LINK_FD"]))
print(f"{role} started with behaviour '{behaviour}'", flush=True)

if behaviour == "crash":
    print("about to fail", flush=True)
    sys.exit(3)
if behaviour == "refuse":
    link.sendall(b"refused the domain is wrong\n")
    sys.exit(78)

stopping = threading.Event()
wake_read, wake_write = os.pipe()


def stop(*_):
    stopping.set()
    os.write(wake_write, b"x")


signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "deaf" else stop)
threading.Thread(target=lambda: (link.recv(1), stop()), daemon=True).start()

listeners = [socket.socket(fileno=int(value)) for name, value in zip(arguments, arguments[1:]) if name.endswith("-fd")]
if behaviour == "standby":
    link.sendall(b"standby\n")
    # Complete only once the other process of this role is gone.
    other = int(open(os.path.join(state, "other")).read())
    while os.path.exists(f"/proc/{other}"):
        stopping.wait(0.01)
if behaviour != "never-ready":
    link.sendall(b"ready\n")

selector = selectors.DefaultSelector()
for listener in listeners:
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
selector.register(wake_read, selectors.EVENT_READ)
body = f"{role} {os.getpid()}".encode()
while not stopping.is_set():
    for key, _ in selector.select():
        if key.fileobj == wake_read:
            continue
        try:
            connection, _ = key.fileobj.accept()
        except BlockingIOError:
            continue
        connection.setblocking(True)
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        connection.close()
with open(os.path.join(state, "ends"), "a") as ends:
    ends.write(role + "\n")
