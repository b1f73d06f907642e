// The collector's state folder, mode 0700:
//   store.db       everything that was accepted and judged, unless the settings name a database
//   identity/      the certificate authority
//   collector.yaml settings; optional
//   serve.json     while it serves: process and ports
//   lock           held while it serves
//   content/       the installed bundle of content, what is in force, the last good one
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "collector/identity/authority.h"
#include "collector/store/store.h"
#include "evidence/clock.h"
#include "evidence/result.h"

namespace assay::collector {

using evidence::system_now;  // for the commands

inline constexpr const char* kDefaultState = "/var/lib/assay/collector";

[[nodiscard]] inline std::string identity_folder(const std::string& state) {
  return state + "/identity";
}
// The one that collector.yaml names, or store.db there.
// Makes the database when `may_create`; otherwise kNotFound tells to run init first.
// A file of an older version is brought forward unless `may_migrate` is false (kConfiguration).
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const std::string& state, bool may_create,
                                                        bool may_migrate = true);
// The one in the database that this connection string of libpq leads to; likewise.
[[nodiscard]] Result<std::unique_ptr<Store>> open_database(const std::string& conninfo,
                                                           bool may_migrate);

// Held by the one collector that serves a state folder; the other commands do without.
class ServeLock {
 public:
  // kConflict when another process holds it.
  [[nodiscard]] static Result<ServeLock> take(const std::string& state);
  // Whether a collector serves now. Takes nothing, and makes no file.
  [[nodiscard]] static bool is_held(const std::string& state);
  ServeLock(ServeLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ServeLock& operator=(ServeLock&&) = delete;
  ~ServeLock();

 private:
  explicit ServeLock(int file) : file_(file) {}
  int file_;
};

}  // namespace assay::collector
