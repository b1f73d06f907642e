"""What an agent says to its collector, read in the clear between the two.

The wire has the collector's own certificate and key, and the agent's towards the collector: both
take it for the other, and what passes is what each of them would have sent.
"""
import asyncio
import contextlib
import ssl
import threading

FRAME_HEAD = 9  # of HTTP/2: length, kind, flags, stream
DATA = 0
PADDED = 8
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def context(purpose, certificate, key, authority=None):
    made = ssl.SSLContext(purpose)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_cert_chain(certificate, key)
    made.set_alpn_protocols(["h2"])
    if authority:
        made.load_verify_locations(authority)
    return made


class Wire:
    """Listens at `listen`, and keeps in `said` what each connection brought from the agent."""

    def __init__(self, collector_state, agent_state, collector):
        identity = collector_state / "identity"
        self.server = context(ssl.PROTOCOL_TLS_SERVER, identity / "server.pem", identity / "server.key",
                              identity / "ca.pem")
        self.server.verify_mode = ssl.CERT_REQUIRED
        identity = agent_state / "identity"
        self.client = context(ssl.PROTOCOL_TLS_CLIENT, identity / "agent.crt", identity / "agent.key",
                              identity / "ca.crt")
        self.collector = collector.rsplit(":", 1)
        self.said = []
        self.listen = None
        self.loop = asyncio.new_event_loop()
        self.is_ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        self.loop.run_until_complete(self.begin())
        self.is_ready.set()
        self.loop.run_forever()

    async def begin(self):
        listener = await asyncio.start_server(self.join, "127.0.0.1", 0, ssl=self.server)
        self.listen = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    async def join(self, from_agent, to_agent):
        host, port = self.collector
        from_collector, to_collector = await asyncio.open_connection(host, int(port), ssl=self.client,
                                                                     server_hostname=host)
        kept = bytearray()
        self.said.append(kept)
        with contextlib.suppress(asyncio.CancelledError):  # end() cuts short what is still open
            await asyncio.gather(self.pass_on(from_agent, to_collector, kept),
                                 self.pass_on(from_collector, to_agent, bytearray()))

    @staticmethod
    async def pass_on(reader, writer, kept):
        try:
            while piece := await reader.read(1 << 16):
                kept += piece
                writer.write(piece)
                await writer.drain()
        except (ConnectionError, ssl.SSLError):
            pass  # either side may leave without a word
        finally:
            writer.close()

    def __enter__(self):
        self.thread.start()
        assert self.is_ready.wait(30)
        return self

    async def end(self):
        ended = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(timeout=30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=30)
        self.loop.close()


def messages_of(said):
    """The frames of HTTP/2 as they are, but the data of each stream in one piece."""
    assert said.startswith(PREFACE), said[:40]
    others, streams = bytearray(), {}
    at = len(PREFACE)
    while at + FRAME_HEAD <= len(said):
        length, kind, flags = int.from_bytes(said[at:at + 3], "big"), said[at + 3], said[at + 4]
        stream = int.from_bytes(said[at + 5:at + FRAME_HEAD], "big")
        content = said[at + FRAME_HEAD:at + FRAME_HEAD + length]
        at += FRAME_HEAD + length
        if kind == DATA:
            assert not flags & PADDED
            streams.setdefault(stream, bytearray()).extend(content)
        else:
            others += content
    return [bytes(others), *map(bytes, streams.values())]
