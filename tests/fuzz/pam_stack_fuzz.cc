// PAM files and the settings of the password modules, as an attacker on the host may
// write them. The input is a small archive of files:
//
//   @@ /etc/pam.d/passwd
//   password required pam_unix.so
//   @@ /etc/security/pwquality.conf
//   minlen = 12
//
// An input without "@@ " is one file, /etc/pam.d/passwd.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/accounts/password_policy/pam_file.h"
#include "agent/probes/linux/accounts/password_policy/password_policy.h"
#include "tests/unit/agent/map_host.h"

namespace {

constexpr std::string_view kMark = "@@ ";
constexpr std::size_t kRows = 22;

assay::agent::MapHost host_from(std::string_view input) {
  assay::agent::MapHost host;
  std::string path = "/etc/pam.d/passwd";
  std::string content;
  while (!input.empty()) {
    const auto end = input.find('\n');
    const auto line = input.substr(0, end == std::string_view::npos ? end : end + 1);
    input.remove_prefix(line.size());
    if (!line.starts_with(kMark)) {
      content += line;
      continue;
    }
    if (!content.empty()) host.with_file(path, content);
    content.clear();
    path = std::string(line.substr(kMark.size(), line.find('\n') - kMark.size()));
  }
  host.with_file(path, content);
  return host;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)assay::agent::parse_pam_file(input, assay::agent::PamFileFormat::kPamConf);
  auto host = host_from(input);
  const auto table = assay::agent::collect_password_policy(host);
  // Either the whole table or an error, whatever the files hold.
  if (table && (table->rows().size() != kRows || !table->defect().empty())) std::abort();
  return 0;
}
