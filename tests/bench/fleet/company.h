// The machines of a made-up company: enrolled in bulk by the collector's own authority, straight
// into its store, before the collector starts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

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

// Makes the state folder of a collector that knows `count` machines. Throws on any failure.
[[nodiscard]] Company found_company(const std::string& state, std::size_t count);
// The same with `store` in place of the folder's own, reached as any of `names` besides.
[[nodiscard]] Company found_company(const std::string& state, std::size_t count,
                                    collector::Store& store, std::vector<std::string> names = {});

// Its machines with their keys, for whoever plays them on another machine. Both throw.
void write_company(const std::string& file, const Company& company);
[[nodiscard]] Company read_company(const std::string& file);

}  // namespace assay::bench
