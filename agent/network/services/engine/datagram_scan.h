// Which of the protocols over UDP an endpoint answers in: each is asked from a socket of its own,
// twice at most, or three times where it takes several questions, each of which may get lost.
// Endpoints are asked side by side, each host no faster than its rate; never one twice at a time
// on one machine.
#pragma once

#include <chrono>
#include <list>
#include <string>

#include "agent/host/file_descriptor.h"
#include "agent/network/services/engine/endpoint_scan.h"
#include "agent/network/tls/connection/host_limits.h"
#include "agent/network/tls/connection/target_claim.h"

namespace assay::agent::services {

class DatagramScan {
 public:
  // `hosts` is shared with the connections to them, and outlives this object.
  DatagramScan(const Options& options, tls::HostLimits& hosts) : options_(options), hosts_(hosts) {}

  // `result` is filled in by run(): ok, unrecognised (an answer that is of none), refused (ICMP
  // says so), no_answer, busy. It outlives this object.
  void add(const tls::SocketAddress& address, EndpointResult* result);
  // What is not asked by `until` is timed_out.
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
  using Time = std::chrono::steady_clock::time_point;

  void begin_questions();
  void ask_all(Time until);
  [[nodiscard]] bool is_worth_asking(const Question& question, int time) const;
  void ask(Question& question);
  // Until its host may be asked; hears what comes meanwhile.
  void await_turn(const Question& question);
  void conclude(Question& question);
  void listen(Time until);
  void hear(Question& question);

  Options options_;
  tls::HostLimits& hosts_;
  std::list<Question> waiting_;         // those of an endpoint side by side
  std::list<Question> questions_;       // that are open
  std::list<tls::TargetClaim> claims_;  // of their endpoints
};

}  // namespace assay::agent::services
