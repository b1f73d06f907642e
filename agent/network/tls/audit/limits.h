// How much an audit may ask of a server.
#pragma once

#include <chrono>
#include <cstddef>

namespace assay::agent::tls {

struct AuditLimits {
  // At a time, to one host, whichever of its ports. Loopback is this machine, which pays both
  // sides: there it is for each endpoint.
  std::size_t connections_per_host = 4;
  std::size_t endpoints = 100;  // at a time
  // New connections to one host: a bucket of `burst` that fills at this rate. An ordinary endpoint
  // costs some sixty, so the burst lets one audit through undelayed and the rate bounds what
  // follows. Loopback is this machine, which pays both sides, and has only the bound above.
  double connections_per_second = 50;
  double burst = 100;
  // From the first connection's beginning to an answer; a dialogue before TLS may take that more.
  std::chrono::milliseconds connection{5'000};
  std::chrono::milliseconds dialogue{10'000};
  // Where it has to be found out what is spoken before TLS: for a greeting, and for each answer.
  std::chrono::milliseconds greeting{400};
  std::chrono::milliseconds recognition{2'000};
  std::chrono::milliseconds endpoint{60'000};  // all of it, the name's look-up among it
  std::chrono::milliseconds all{0};            // of all endpoints; zero: as long as it takes
  std::size_t connections = 1'000;             // of one audit in all
};

}  // namespace assay::agent::tls
