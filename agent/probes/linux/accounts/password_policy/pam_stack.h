// The stack of modules that a PAM service really runs: its file with every include
// resolved, in the order in which libpam calls the modules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/password_policy/pam_file.h"
#include "evidence/result.h"

namespace assay::agent {

// Where something is written; `line` counts from 1.
struct Location {
  std::string path;
  std::int64_t line = 0;
  bool operator==(const Location&) const = default;
  [[nodiscard]] std::string text() const;  // "/etc/pam.d/passwd:5"
};

struct PamEntry {
  enum class Kind : std::uint8_t {
    kModule,
    kSubstack,  // marks where a substack begins; calls nothing
    kMustFail,  // a line that libpam cannot use
  };
  Kind kind = Kind::kModule;
  std::string module;  // "pam_unix": without folder and ".so"
  std::string path;    // as written
  PamControl control;
  std::string written_control;
  std::vector<std::string> arguments;
  Location where;
  int level = 0;  // depth in substacks

  // True for "nullok" as well as "nullok=…".
  [[nodiscard]] bool has_argument(std::string_view name) const;
  // The text after "name=", of the last such argument.
  [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const;
};

using PamStack = std::vector<PamEntry>;

// Reads PAM's files through a Host, each at most once. One thread at a time.
class PamReader {
 public:
  explicit PamReader(Host& host) : host_(host) {}

  // kNotFound when the host has neither a pam.d folder nor /etc/pam.conf.
  [[nodiscard]] Status open();

  // Whether the service has a file (or lines in pam.conf) of its own.
  [[nodiscard]] Result<bool> has_service(std::string_view service);

  // All names that have a file (or lines in pam.conf), fragments included, sorted.
  [[nodiscard]] Result<std::vector<std::string>> services();

  // What `service` runs for `type`; the service "other" stands in when it has no such
  // lines. kInvalidData names the chain of an include loop; kTooLarge when includes are
  // nested or multiplied beyond all use.
  [[nodiscard]] Result<PamStack> stack(std::string_view service, PamType type);

 private:
  struct File {
    std::string path;
    std::vector<PamLine> lines;
  };
  struct Load;  // one call of stack()

  [[nodiscard]] Result<const File*> find(std::string_view name);
  [[nodiscard]] Result<const File*> read(const std::string& path, PamFileFormat format);
  [[nodiscard]] Status append(Load& load, const File& file, bool every_type);
  [[nodiscard]] Status append_include(Load& load, const PamLine& line, const std::string& path);
  [[nodiscard]] Result<PamStack> stack_of_file(const std::string& service, PamType type);

  Host& host_;
  bool has_folder_ = false;
  std::map<std::string, std::optional<File>, std::less<>> files_;  // absent: there is no such file
};

}  // namespace assay::agent
