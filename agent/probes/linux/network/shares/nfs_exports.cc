#include "agent/probes/linux/network/shares/nfs_exports.h"

#include "agent/probes/linux/network/shares/exports_file.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

Status add_file(Host& host, const std::string& path, evidence::Table& table) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return {};
  if (!text) return fail(text.error());
  for (const auto& given : parse_exports(*text))
    table.add({{"share", given.path},
               {"client", given.client},
               {"options", text_or_null(given.options)},
               {"readonly", std::int64_t{given.is_read_only}},
               {"root_squash", std::int64_t{given.is_root_squashed}},
               {"all_squash", std::int64_t{given.is_all_squashed}},
               {"secure_port", std::int64_t{given.is_secure_port}},
               {"security", given.security},
               {"source", path},
               {"line", given.line}});
  return {};
}

}  // namespace

Result<evidence::Table> collect_nfs_exports(Host& host) {
  evidence::Table table(*evidence::find_table("nfs_exports"));
  if (auto added = add_file(host, "/etc/exports", table); !added) return fail(added.error());
  const auto names = host.list_directory("/etc/exports.d", kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  for (const auto& name : names ? *names : std::vector<std::string>()) {
    if (!name.ends_with(".exports") || name.starts_with('.')) continue;
    if (auto added = add_file(host, "/etc/exports.d/" + name, table); !added)
      return fail(added.error());
  }
  return table;
}

}  // namespace assay::agent
