// Which of the protocols over UDP an endpoint answers in: each is asked from a socket of its own,
// twice at most, or three times where it takes several questions, each of which may get lost.
// Endpoints are asked side by side.
#pragma once

#include <chrono>
#include <list>
#include <string>

#include "agent/host/file_descriptor.h"
#include "agent/network/services/engine/endpoint_scan.h"

namespace assay::agent::services {

class DatagramScan {
 public:
  explicit DatagramScan(const Options& options) : options_(options) {}

  // `result` is filled in by run(): ok, unrecognised (an answer that is of none), refused (ICMP
  // says so), no_answer. It outlives this object.
  void add(const tls::SocketAddress& address, EndpointResult* result);
  // What is not begun by `until` is timed_out.
  void run(std::chrono::steady_clock::time_point until);

 private:
  struct Question {
    const Datagram* protocol = nullptr;
    EndpointResult* result = nullptr;
    tls::SocketAddress address;
    FileDescriptor socket;
    std::vector<std::string> requests;
    bool is_over = false;
    int times_sent = 0;   // all of it
    std::string problem;  // why not
  };
  [[nodiscard]] bool is_worth_asking(const Question& question, int time) const;
  void ask(Question& question);
  void conclude(Question& question);
  void listen(std::chrono::milliseconds time_limit);
  void hear(Question& question);

  Options options_;
  std::list<Question> waiting_;
  std::list<Question> questions_;  // that are open
};

}  // namespace assay::agent::services
