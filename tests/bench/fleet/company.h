// The machines of a made-up company: enrolled in bulk by the collector's own authority, straight
// into its store, before the collector starts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evidence/clock.h"

namespace assay::collector {
class Store;
}

namespace assay::bench {

struct Member {
  std::string host_id;
  std::string key;          // PEM
  std::string certificate;  // PEM
};

struct Company {
  std::string ca;  // PEM
  std::vector<Member> members;
};

// Makes the state folder of a collector that knows `count` machines, whose certificates are good
// for thirty days from `now` on. Throws on any failure.
[[nodiscard]] Company found_company(const std::string& state, std::size_t count,
                                    evidence::Seconds now = evidence::system_now());
// The same with `store` in place of the folder's own, reached as any of `names` besides.
[[nodiscard]] Company found_company(const std::string& state, std::size_t count,
                                    collector::Store& store, std::vector<std::string> names = {},
                                    evidence::Seconds now = evidence::system_now());

// Its machines with their keys, for whoever plays them on another machine. Both throw.
void write_company(const std::string& file, const Company& company);
[[nodiscard]] Company read_company(const std::string& file);

}  // namespace assay::bench
