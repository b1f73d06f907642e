// A TCP socket that asks one port after another, from one port of ours that it keeps.
//
// Not for several threads: the ports of ours are counted process-wide, without a lock.
#pragma once

#include <cstdint>

#include "agent/host/file_descriptor.h"
#include "agent/network/sensor/packet/address.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

class ConnectingSocket {
 public:
  // Non-blocking, bound to a port that nobody listens on. kIo when none can be had.
  [[nodiscard]] static Result<ConnectingSocket> make(bool is_v4);
  ConnectingSocket(ConnectingSocket&& other) noexcept;
  ConnectingSocket& operator=(ConnectingSocket&& other) noexcept;
  ~ConnectingSocket();

  // 0: it stands; EINPROGRESS: outcome() will tell; else why not, as errno.
  [[nodiscard]] int connect(const sensor::Address& address, std::uint16_t port);
  // Of a connection in progress.
  [[nodiscard]] int outcome();
  // Whether the other end is a socket of ours: then nobody listens there.
  [[nodiscard]] bool is_own_work() const;
  // Ends the connection with a reset, which leaves nothing behind in the kernel, and the socket.
  void reset();

  [[nodiscard]] int number() const { return socket_.number(); }

 private:
  ConnectingSocket(FileDescriptor socket, std::uint16_t port);
  void give_back();

  FileDescriptor socket_;
  std::uint16_t port_ = 0;  // ours; 0: given back
  sensor::Address target_;
  std::uint16_t target_port_ = 0;
};

}  // namespace assay::agent::sweep
