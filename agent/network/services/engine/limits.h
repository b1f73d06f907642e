// How much may be asked of a server, and how long it is waited for.
#pragma once

#include <chrono>
#include <cstddef>

namespace assay::agent::services {

struct Limits {
  // At a time, to one host, whichever of its ports. Loopback is this machine, which pays both
  // sides: there it is for each endpoint.
  std::size_t connections_per_host = 4;
  std::size_t endpoints = 64;  // at a time
  // New connections to one host: a bucket of `burst` that fills at this rate. Loopback is this
  // machine, which pays both sides, and has only the bound above.
  double connections_per_second = 50;
  double burst = 100;
  std::chrono::milliseconds connecting{3'000};
  // A server that speaks first is given this long before anything is said to it on other
  // connections; it may still begin later.
  std::chrono::milliseconds grace{120};
  std::chrono::milliseconds greeting{4'000};   // until the first byte of a server that speaks first
  std::chrono::milliseconds answer{2'000};     // until the first byte of an answer to a question
  std::chrono::milliseconds held_back{6'000};  // the same, where servers delay it on purpose
  std::chrono::milliseconds quiet{1'000};      // between two bytes, once a protocol was met
  std::chrono::milliseconds connection{8'000};  // all of one
  std::chrono::milliseconds endpoint{25'000};   // all of one, the name's look-up among it
  std::chrono::milliseconds all{0};             // of all endpoints; zero: as long as it takes
};

}  // namespace assay::agent::services
